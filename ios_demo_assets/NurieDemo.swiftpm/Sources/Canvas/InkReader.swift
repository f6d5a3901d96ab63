import CoreGraphics
import Foundation
import NurieKit
import NurieStudio
import PencilKit

/// PencilKit's strokes as lines of the drawing, and back: each is read once, off the main thread.
actor InkReader {
  // Points apart: close enough that a curve between them is a line.
  private static let step: CGFloat = 2

  /// What tells two strokes apart without looking at their points.
  private struct Key: Hashable {
    let created: Date, seed: UInt32, count: Int
    let transform: [CGFloat]
    // The parts of it that an eraser has left.
    let parts: [ClosedRange<CGFloat>]

    init(_ stroke: PKStroke) {
      created = stroke.path.creationDate
      seed = stroke.randomSeed
      count = stroke.path.count
      let given = stroke.transform
      transform = [given.a, given.b, given.c, given.d, given.tx, given.ty]
      parts = stroke.mask == nil ? [] : stroke.maskedPathRanges
    }
  }

  private var ledger = StrokeLedger<Key>()
  /// The stroke that each line was read from.
  private var strokes: [UUID: PKStroke] = [:]

  /// The lines of a canvas, in pixels of the drawing.
  func lines(of drawing: PKDrawing) throws -> [InkLine] {
    let all = drawing.strokes
    var lines: [InkLine] = []
    for stroke in all {
      let read = try ledger.lines(of: [stroke], key: { Key($0) }, convert: Self.lines)
      for line in read { strokes[line.id] = stroke }
      lines += read
    }
    return lines
  }

  /// The strokes of a canvas that shows these lines, and how many lines each of them is.
  func strokes(of ink: [InkLine]) -> [PKStroke] {
    var found: [PKStroke] = []
    var last: Key?
    for line in ink {
      let stroke = strokes[line.id] ?? Self.stroke(of: line)
      strokes[line.id] = stroke
      // An erased stroke is several lines, one after the other.
      let key = Key(stroke)
      if key != last { found.append(stroke) }
      last = key
    }
    return found
  }

  /// Notes that a canvas which was given these lines holds these strokes, in the system's own form.
  func note(_ shown: [PKStroke], as ink: [InkLine]) {
    var rest = ink[...]
    for stroke in shown {
      guard let first = rest.first, let known = strokes[first.id] else { return }
      let key = Key(known)
      let own = rest.prefix { strokes[$0.id].map { Key($0) } == key }
      ledger.note(Array(own), as: Key(stroke))
      for line in own { strokes[line.id] = stroke }
      rest = rest.dropFirst(own.count)
    }
  }

  private static func lines(of stroke: PKStroke) throws -> [Stroke] {
    let given = stroke.transform
    // A stroke that was enlarged is as much thicker.
    let scale = abs(given.a * given.d - given.b * given.c).squareRoot()
    let pixels = CanvasSize.pixelsPerPoint
    func line(_ range: ClosedRange<CGFloat>?) throws -> Stroke? {
      let points = stroke.path.interpolatedPoints(in: range, by: .distance(step)).map { point in
        let place = point.location.applying(given)
        return StrokePoint(
          x: Double(place.x) * pixels, y: Double(place.y) * pixels,
          width: Double(max(point.size.width, point.size.height) * scale) * pixels)
      }
      return points.isEmpty ? nil : try Stroke(points: points)
    }
    guard stroke.mask != nil else { return try [line(nil)].compactMap { $0 } }
    return try stroke.maskedPathRanges.compactMap(line)
  }

  /// A stroke for a line that comes from a file.
  private static func stroke(of line: InkLine) -> PKStroke {
    let points = line.stroke.points
    // The curve passes its ends where these stand there three times.
    let padded =
      [points[0], points[0]] + points + [points[points.count - 1], points[points.count - 1]]
    let scale = 1 / CanvasSize.pixelsPerPoint
    let path = PKStrokePath(
      controlPoints: padded.enumerated().map { number, point in
        PKStrokePoint(
          location: CGPoint(x: point.x * scale, y: point.y * scale),
          timeOffset: Double(number) / 240,
          size: CGSize(width: point.width * scale, height: point.width * scale), opacity: 1,
          force: 1, azimuth: 0, altitude: .pi / 2)
      },
      creationDate: Date())
    return PKStroke(ink: PKInk(.pen, color: .black), path: path)
  }
}
