import NurieKit

/// Which lines a canvas's strokes have become, so that each stroke is converted once.
///
/// A canvas tells all of its strokes at each change. Key: what tells two strokes apart without
/// looking at their points.
public struct StrokeLedger<Key: Hashable & Sendable>: Sendable {
  private var known: [Key: [InkLine]] = [:]
  /// Strokes that were converted since the ledger was begun.
  public private(set) var conversions = 0

  /// Knows nothing yet.
  public init() {}

  /// The lines of all strokes, in their order.
  ///
  /// convert: the lines of a stroke that was never seen before; an erased one may be several, or
  /// none. Its failure leaves the ledger as it was.
  public mutating func lines<Source>(
    of strokes: [Source], key: (Source) -> Key, convert: (Source) throws -> [Stroke]
  ) throws -> [InkLine] {
    var found: [Key: [InkLine]] = [:]
    var lines: [InkLine] = []
    lines.reserveCapacity(strokes.count)
    for stroke in strokes {
      let key = key(stroke)
      if let seen = known[key] ?? found[key] {
        lines += seen
      } else {
        let converted = try convert(stroke).map { InkLine(stroke: $0.onGrid()) }
        found[key] = converted
        lines += converted
      }
    }
    known.merge(found) { old, _ in old }
    conversions += found.count
    return lines
  }

  /// Notes which lines a stroke stands for that a canvas was given, and not drawn upon it.
  public mutating func note(_ lines: [InkLine], as key: Key) { known[key] = lines }
}

extension Stroke {
  /// The stroke in 32nds of a pixel: no eye and no region sees the rest, and a file holds each
  /// number exactly, in a few letters.
  func onGrid() -> Stroke {
    func round(_ value: Double) -> Double { (value * 32).rounded() / 32 }
    let rounded = points.map {
      StrokePoint(x: round($0.x), y: round($0.y), width: round($0.width))
    }
    // Rounding makes no number of what is one something else.
    return (try? Stroke(points: rounded)) ?? self
  }
}
