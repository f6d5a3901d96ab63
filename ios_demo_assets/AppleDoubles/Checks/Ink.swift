import Foundation
import NurieKit
import NurieStudio
import PencilKit

/// The demo app's reading of PencilKit's strokes.
extension Checks {
  static var inkClaims: [Claim] {
    [
      (
        "each stroke is read once, however often its canvas changes",
        {
          let reader = InkReader()
          var strokes = (0..<500).map { stroke([(CGFloat($0), 1), (CGFloat($0), 9)]) }
          let before = try await reader.lines(of: PKDrawing(strokes: strokes))
          let read = Interpolations.count
          strokes.append(stroke([(3, 3), (4, 4)]))
          let after = try await reader.lines(of: PKDrawing(strokes: strokes))
          return Interpolations.count == read + 1 && Array(after.prefix(500)) == before
            && after.count == 501
        }
      ),
      (
        "a stroke that was moved and enlarged is as much thicker, two pixels a point",
        {
          var moved = stroke([(1, 2), (5, 2)], width: 4)
          moved.transform = CGAffineTransform(a: 3, b: 0, c: 0, d: 3, tx: 10, ty: 20)
          let line = try await InkReader().lines(of: PKDrawing(strokes: [moved]))[0].stroke
          return line.points == [
            StrokePoint(x: 26, y: 52, width: 24), StrokePoint(x: 50, y: 52, width: 24),
          ]
        }
      ),
      (
        "of an erased stroke what is left is read, and it comes back as one stroke",
        {
          let reader = InkReader()
          let whole = stroke((0..<10).map { (CGFloat($0), 0) })
          var erased = whole
          erased.mask = UIBezierPath()
          erased.maskedPathRanges = [0...3, 6...9]
          let ink = try await reader.lines(of: PKDrawing(strokes: [whole]))
          let left = try await reader.lines(of: PKDrawing(strokes: [erased]))
          let back = await reader.strokes(of: left)
          let undone = await reader.strokes(of: ink)
          return ink.count == 1 && left.map { $0.stroke.points.count } == [4, 4]
            && back.count == 1 && back[0].mask != nil && undone.count == 1
            && undone[0].mask == nil && ink[0].id != left[0].id
        }
      ),
      (
        "lines of a file come back from a canvas as the same lines, whatever it made of them",
        {
          let reader = InkReader()
          let ink = try [[(1.0, 2.0), (9, 8)], [(5, 5)]].map { places in
            InkLine(
              stroke: try Stroke(
                points: places.map { StrokePoint(x: $0.0, y: $0.1, width: 3) }))
          }
          var shown = await reader.strokes(of: ink)
          // The system keeps dates and seeds in a form of its own.
          for number in shown.indices { shown[number].randomSeed = UInt32(number) }
          await reader.note(shown, as: ink)
          let read = try await reader.lines(of: PKDrawing(strokes: shown))
          return read == ink && shown[0].path.count == 6
        }
      ),
    ]
  }

  private static func stroke(
    _ places: [(CGFloat, CGFloat)], width: CGFloat = 2
  ) -> PKStroke {
    let path = PKStrokePath(
      controlPoints: places.map {
        PKStrokePoint(
          location: CGPoint(x: $0.0, y: $0.1), timeOffset: 0,
          size: CGSize(width: width, height: width), opacity: 1, force: 1, azimuth: 0, altitude: 0)
      }, creationDate: Date())
    return PKStroke(ink: PKInk(.pen, color: .black), path: path)
  }
}
