/// How far each pixel of paper is from ink, exactly: squared, so that all of it is whole numbers.
///
/// Felzenszwalb and Huttenlocher 2012, "Distance Transforms of Sampled Functions": down the columns
/// first, then along each row the lower envelope of the parabolas that the columns stand for.
/// OpenCV's precise distances are the square roots of these.
struct ExactDistance: Sendable {
  /// (H, W) squared pixels from middle to middle; 0 on ink. The largest Int32 from 46,341 pixels on,
  /// whose squares are larger: what is that far is as far as anything.
  private(set) var squared = Plane<Int32>()

  /// From this distance on, a column is without ink: more than any picture is high.
  private static let never: Int32 = 1 << 28

  /// paperFrom: the level from which on a pixel is paper. Precondition: some pixel is ink.
  mutating func measure(_ lineart: Plane<UInt8>, paperFrom level: UInt8) {
    let (width, height) = (lineart.width, lineart.height)
    squared.reshape(width: width, height: height, spare: 0)
    lineart.values.withUnsafeBufferPointer { lineart in
      squared.values.withUnsafeMutableBufferPointer { squared in
        Self.downColumns(lineart, level: level, width: width, height: height, to: squared)
        Bands(rows: height, numbersPerRow: width).forEach { _, rows in
          var row = Row(width: width)
          for y in rows {
            row.envelop(
              UnsafeMutableBufferPointer(rebasing: squared[(y * width)..<((y + 1) * width)]))
          }
        }
      }
    }
  }

  /// Writes how far each pixel is from ink in its column. Bands are of columns.
  private static func downColumns(
    _ lineart: UnsafeBufferPointer<UInt8>, level: UInt8, width: Int, height: Int,
    to far: UnsafeMutableBufferPointer<Int32>
  ) {
    Bands(rows: width, numbersPerRow: height).forEach { _, columns in
      func row(_ y: Int) -> UnsafeMutableBufferPointer<Int32> {
        UnsafeMutableBufferPointer(
          rebasing: far[(y * width + columns.lowerBound)..<(y * width + columns.upperBound)])
      }
      var above = row(0)
      above.update(repeating: never - 1)
      for y in 0..<height {
        let here = row(y)
        let ink = UnsafeBufferPointer(
          rebasing: lineart[
            (y * width + columns.lowerBound)..<(y * width + columns.upperBound)])
        for x in 0..<here.count { here[x] = ink[x] < level ? 0 : above[x] &+ 1 }
        above = here
      }
      var below = row(height - 1)
      for y in stride(from: height - 2, through: 0, by: -1) {
        let here = row(y)
        for x in 0..<here.count { here[x] = min(here[x], below[x] &+ 1) }
        below = here
      }
    }
  }

  /// One row at a time: from distances in the columns to squared distances in the plane.
  private struct Row {
    /// Columns of the parabolas of the envelope, and where each begins to be the lowest.
    private var column: [Int32], begin: [Double]
    /// Squared distances in the columns.
    private var height: [Int64]
    /// 1 / (2 n): a product is sooner than a quotient, and as exact as comparisons need.
    private let halfInverse: [Double]

    init(width: Int) {
      column = [Int32](repeating: 0, count: width + 2)
      begin = [Double](repeating: 0, count: width + 2)
      height = [Int64](repeating: 0, count: width + 2)
      halfInverse = (0..<(width + 2)).map { $0 == 0 ? 0 : 0.5 / Double($0) }
    }

    mutating func envelop(_ row: UnsafeMutableBufferPointer<Int32>) {
      // Ink cuts a row in pieces: beyond it, nothing is nearer than it.
      var start = 0
      while start < row.count {
        if row[start] == 0 {
          start += 1
          continue
        }
        var end = start + 1
        while end < row.count, row[end] != 0 { end += 1 }
        envelop(row, from: start, to: end)
        start = end
      }
    }

    /// Works through the paper of `start..<end`, beside which there is ink or the picture's edge.
    private mutating func envelop(
      _ row: UnsafeMutableBufferPointer<Int32>, from start: Int, to end: Int
    ) {
      var count = 0
      let (first, last) = (max(start - 1, 0), min(end, row.count - 1))
      column.withUnsafeMutableBufferPointer { column in
        begin.withUnsafeMutableBufferPointer { begin in
          height.withUnsafeMutableBufferPointer { height in
            halfInverse.withUnsafeBufferPointer { halfInverse in
              for x in first...last where row[x] < ExactDistance.never {
                let far = Int64(row[x]) &* Int64(row[x])
                height[x] = far
                let lifted = far &+ Int64(x &* x)
                var from = -Double.infinity
                while count > 0 {
                  let other = Int(column[count - 1])
                  let apart = lifted &- height[other] &- Int64(other &* other)
                  from = Double(apart) * halfInverse[x - other]
                  if from > begin[count - 1] { break }
                  count -= 1
                  from = -Double.infinity
                }
                column[count] = Int32(truncatingIfNeeded: x)
                begin[count] = from
                count += 1
              }
              var number = 0
              for x in start..<end {
                while number + 1 < count, begin[number + 1] < Double(x) { number += 1 }
                let away = x &- Int(column[number])
                row[x] = Int32(clamping: height[Int(column[number])] &+ Int64(away &* away))
              }
            }
          }
        }
      }
    }
  }
}
