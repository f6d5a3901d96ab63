import CoreGraphics
import NurieKit
import PencilKit

/// PencilKit's strokes as NurieKit draws them.
enum InkStrokes {
  // Points apart: close enough that a curve between them is a line.
  private static let step: CGFloat = 2

  /// Every stroke of a drawing, its width included.
  static func strokes(of drawing: PKDrawing) throws(NurieError) -> [Stroke] {
    var strokes: [Stroke] = []
    for stroke in drawing.strokes {
      var points: [StrokePoint] = []
      for point in stroke.path.interpolatedPoints(by: .distance(step)) {
        let place = point.location.applying(stroke.transform)
        points.append(
          StrokePoint(
            x: Double(place.x), y: Double(place.y),
            width: Double(max(point.size.width, point.size.height))))
      }
      if !points.isEmpty { strokes.append(try Stroke(points: points)) }
    }
    return strokes
  }
}
