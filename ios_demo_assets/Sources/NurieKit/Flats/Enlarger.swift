/// Brings the part of a working picture that shows the drawing to the drawing's size, row by row.
///
/// Bilinear where it grows, averaged where it shrinks, copied where it has as many pixels already;
/// what lies beyond the working picture's sides repeats its edge. As `enlarged` in
/// `training/picture/working/placement.py`.
struct Enlarger {
  private enum Way {
    case bilinear(Bilinear.Rows)
    case whole(Plane<UInt8>, top: Int, left: Int)
  }

  private var way: Way

  /// working: RGB. placement: of the drawing in it. width, height: of the drawing.
  init(_ working: Plane<UInt8>, placement: Placement, width: Int, height: Int) {
    let rows = Span(height, scale: placement.down, offset: placement.top)
    let columns = Span(width, scale: placement.across, offset: placement.left)
    let part = Self.part(of: working, rows: rows, columns: columns)
    let (down, across) = (rows.enlarged, columns.enlarged)
    if down == rows.count, across == columns.count {
      way = .whole(part, top: rows.begin, left: columns.begin)  // as OpenCV, whatever the scale
    } else if max(placement.down, placement.across) >= 1 {
      way = .bilinear(
        Bilinear.Rows(
          part,
          across: Bilinear.Side(
            columns.count, places: columns.begin..<(columns.begin + width),
            scale: 1 / placement.across),
          down: Bilinear.Side(
            rows.count, places: rows.begin..<(rows.begin + height), scale: 1 / placement.down)))
    } else {
      let smaller = Averaging.resized(
        part, across: Averaging.Side(columns.count, to: across, scale: 1 / placement.across),
        down: Averaging.Side(rows.count, to: down, scale: 1 / placement.down))
      way = .whole(smaller, top: rows.begin, left: columns.begin)
    }
  }

  /// Writes row `row` of the enlarged picture. target: its bytes.
  mutating func write(_ row: Int, to target: UnsafeMutableBufferPointer<UInt8>) {
    switch way {
    case .bilinear(var rows):
      // Taken out and put back, so that the rows that it keeps are not copied.
      way = .whole(Plane(), top: 0, left: 0)
      rows.write(row, to: target)
      way = .bilinear(rows)
    case .whole(let plane, let top, let left):
      let start = (top + row) * plane.stride + left * 3
      for index in 0..<target.count { target[index] = plane.values[start + index] }
    }
  }

  /// Cells along a side that a drawing covers, one more at each end to lean on.
  private struct Span {
    let first: Int, count: Int
    /// The pixel of the enlarged cells that is the drawing's first, and how many pixels they are.
    let begin: Int, enlarged: Int

    init(_ length: Int, scale: Double, offset: Double) {
      first = Int(offset.rounded(.down)) - 1
      begin = ((offset - Double(first)) * scale).wholeNumber
      count = Int((Double(begin + length) / scale).rounded(.up)) + 1
      enlarged = (Double(count) * scale).wholeNumber
    }
  }

  private static func part(
    of working: Plane<UInt8>, rows: Span, columns: Span
  ) -> Plane<UInt8> {
    var part = Plane<UInt8>(
      width: columns.count, height: rows.count, channels: 3, filledWith: 0)
    for row in 0..<rows.count {
      let y = min(max(rows.first + row, 0), working.height - 1)
      for column in 0..<columns.count {
        let x = min(max(columns.first + column, 0), working.width - 1)
        for channel in 0..<3 {
          part.values[(row * columns.count + column) * 3 + channel] =
            working.values[(y * working.width + x) * 3 + channel]
        }
      }
    }
    return part
  }
}
