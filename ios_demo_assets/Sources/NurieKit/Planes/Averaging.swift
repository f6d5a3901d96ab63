/// Scales pictures down as OpenCV's INTER_AREA does: each pixel is the mean of what it covers.
enum Averaging {
  /// Returns the plane at another size: averaged, or bilinear where a side grows.
  ///
  /// OpenCV interpolates in that case by a rule of its own, which `Bilinear` knows as `.area`.
  static func resized(_ plane: Plane<UInt8>, width: Int, height: Int) -> Plane<UInt8> {
    if width == plane.width && height == plane.height { return plane }
    if width > plane.width || height > plane.height {
      return Bilinear.resized(
        plane, width: width, height: height,
        across: Bilinear.Side(plane.width, to: width, rule: .area),
        down: Bilinear.Side(plane.height, to: height, rule: .area))
    }
    return resized(
      plane, across: Side(plane.width, to: width), down: Side(plane.height, to: height))
  }

  /// Returns the averages over the cells of two sides.
  static func resized(_ plane: Plane<UInt8>, across: Side, down: Side) -> Plane<UInt8> {
    let channels = plane.channels
    var result = Plane<UInt8>(
      width: across.cells.count, height: down.cells.count, channels: channels, filledWith: 0)
    let bands = Bands(
      rows: result.height, numbersPerRow: plane.stride * plane.height / max(1, result.height))
    // Four pixels exactly: OpenCV rounds halves up there, and to even elsewhere.
    let halves = across.isHalf && down.isHalf
    plane.values.withUnsafeBufferPointer { source in
      result.values.withUnsafeMutableBufferPointer { target in
        bands.forEach { _, rows in
          var sums = [Float](repeating: 0, count: plane.stride)
          for row in rows {
            sums.withUnsafeMutableBufferPointer {
              addRows(of: down.cells[row], from: source, to: $0)
            }
            let cell = down.cells[row]
            sums.withUnsafeBufferPointer { sums in
              for column in across.cells.indices {
                let share = across.cells[column]
                let scale = 1 / (Float(share.whole) * Float(cell.whole))
                for channel in 0..<channels {
                  let mean =
                    sum(of: share, in: sums, from: channel, step: channels) * scale
                  let level =
                    halves ? (mean + 0.5).rounded(.down) : mean.rounded(.toNearestOrEven)
                  target[(row * across.cells.count + column) * channels + channel] = UInt8(
                    min(max(level, 0), 255))
                }
              }
            }
          }
        }
      }
    }
    return result
  }

  /// Sums the numbers of one cell along a row.
  @inline(__always)
  private static func sum(
    of cell: Side.Cell, in sums: UnsafeBufferPointer<Float>, from channel: Int, step: Int
  ) -> Float {
    var index = cell.first * step + channel
    var sum = sums[index] * cell.begin
    for _ in 0..<cell.between {
      index += step
      sum += sums[index]
    }
    if cell.end > 0 { sum += sums[index + step] * cell.end }
    return sum
  }

  /// Sums the rows of one cell, by their shares.
  private static func addRows(
    of cell: Side.Cell, from source: UnsafeBufferPointer<UInt8>,
    to sums: UnsafeMutableBufferPointer<Float>
  ) {
    let stride = sums.count
    // A row by itself: where no place may overflow, several numbers are summed at a time.
    func row(_ number: Int) -> UnsafeBufferPointer<UInt8> {
      let start = (cell.first + number) * stride
      return UnsafeBufferPointer(rebasing: source[start..<(start + stride)])
    }
    let first = row(0)
    for index in 0..<stride { sums[index] = Float(first[index]) * cell.begin }
    for number in 0..<cell.between {
      let next = row(number + 1)
      for index in 0..<stride { sums[index] += Float(next[index]) }
    }
    if cell.end > 0 {
      let last = row(cell.between + 1)
      for index in 0..<stride { sums[index] += Float(last[index]) * cell.end }
    }
  }

  /// Which pixels along a side each new pixel covers, and by how much.
  struct Side {
    /// The pixels that one new pixel covers: one by the share `begin`, `between` whole ones, one by
    /// the share `end`, 0 where there is none.
    struct Cell {
      let first: Int, between: Int
      let begin: Float, end: Float
      /// Pixels that the shares add up to.
      let whole: Double
    }

    let cells: [Cell]
    /// Two pixels exactly make one.
    let isHalf: Bool

    init(_ pixels: Int, to count: Int) {
      self.init(pixels, to: count, scale: Double(pixels) / Double(count))
    }

    /// scale: old pixels to a new one, 1 or more.
    init(_ pixels: Int, to count: Int, scale: Double) {
      isHalf = scale == 2
      // A smaller share of a pixel counts as none, as in OpenCV.
      let least = 1e-3
      cells = (0..<count).map { number in
        let from = Double(number) * scale
        let to = from + scale
        let whole = min(scale, Double(pixels) - from)
        let last = min(Int(to.rounded(.down)), pixels - 1)
        let second = min(Int(from.rounded(.up)), last)
        let begin = Double(second) - from
        let end = to - Double(last)
        let endShare = end > least ? min(min(end, 1), whole) : 0
        if begin > least {
          return Cell(
            first: second - 1, between: last - second, begin: Float(begin), end: Float(endShare),
            whole: whole)
        }
        if second == last {  // nothing whole: the last pixel is all
          return Cell(
            first: last, between: 0, begin: Float(endShare), end: 0, whole: whole)
        }
        return Cell(
          first: second, between: last - second - 1, begin: 1, end: Float(endShare), whole: whole)
      }
    }
  }
}
