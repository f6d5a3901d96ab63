import CoreGraphics
import NurieKit
import NurieStudio
import UIKit

/// Draws the hints: each in its colour, with a rim of white, so that it is seen on its own colour.
final class MarkView: UIView {
  // Points of the rim.
  private static let rim: CGFloat = 2
  // Pixels of a point of the page: sharp enough for round marks, and the same memory at each zoom.
  private static let sharpness: CGFloat = 2

  /// In pixels of the canvas.
  var hints: [HintStroke] = [] { didSet { if hints != oldValue { setNeedsDisplay() } } }
  /// A stroke that is being made, in points of the page.
  var live: (points: [CGPoint], width: CGFloat, color: RGB)? { didSet { setNeedsDisplay() } }
  /// Points of a point of the page.
  var zoom: CGFloat = 1 {
    didSet {
      guard zoom != oldValue else { return }
      contentScaleFactor = Self.sharpness / max(zoom, 0.1)
      setNeedsDisplay()
    }
  }

  override func draw(_ rect: CGRect) {
    for hint in hints {
      let scale = CGFloat(1 / CanvasSize.pixelsPerPoint)
      draw(
        hint.stroke.points.map { CGPoint(x: $0.x, y: $0.y) }, scale: scale,
        width: CGFloat(hint.stroke.points[0].width), color: hint.color)
    }
    if let live { draw(live.points, scale: 1, width: live.width, color: live.color) }
  }

  private func draw(_ points: [CGPoint], scale: CGFloat, width: CGFloat, color: RGB) {
    let path = UIBezierPath()
    path.lineCapStyle = .round
    path.lineJoinStyle = .round
    for (number, point) in points.enumerated() {
      let place = CGPoint(x: point.x * scale * zoom, y: point.y * scale * zoom)
      if number == 0 { path.move(to: place) }
      // To where it begins, too: the ends being round, that is a dot.
      path.addLine(to: place)
    }
    path.lineWidth = width * scale * zoom + 2 * Self.rim
    UIColor.white.setStroke()
    path.stroke()
    path.lineWidth = width * scale * zoom
    UIColor(
      red: CGFloat(color.red) / 255, green: CGFloat(color.green) / 255,
      blue: CGFloat(color.blue) / 255, alpha: 1
    ).setStroke()
    path.stroke()
  }
}
