/// Shrinks a picture without losing what is small: the darkest of each block, and its hints.
///
/// As `training/picture/working/pooling.py`.
enum Pooling {
  private static let most = 0.5  // of a block: what covers less belongs to the block beside
  private static let alike = 32  // levels, in any channel: one brush
  /// The opacity from which on a pixel is a hint.
  static let hintFrom: UInt8 = 128

  /// The darkest pixel of each of the blocks that part a drawing evenly.
  ///
  /// Along a side that has no more pixels than blocks, nothing is done.
  static func darkest(_ lineart: Plane<UInt8>, width: Int, height: Int) -> Plane<UInt8> {
    let (columns, rows) = (min(width, lineart.width), min(height, lineart.height))
    let (across, down) = (starts(lineart.width, columns), starts(lineart.height, rows))
    var result = Plane<UInt8>(width: columns, height: rows, filledWith: 255)
    let bands = Bands(rows: rows, numbersPerRow: lineart.width * lineart.height / rows)
    lineart.values.withUnsafeBufferPointer { source in
      result.values.withUnsafeMutableBufferPointer { target in
        bands.forEach { _, rows in
          var least = [UInt8](repeating: 255, count: lineart.width)
          for row in rows {
            least.withUnsafeMutableBufferPointer { least in
              least.update(repeating: 255)
              for y in down[row]..<down[row + 1] {
                let line = UnsafeBufferPointer(
                  rebasing: source[(y * least.count)..<((y + 1) * least.count)])
                for x in 0..<least.count { least[x] = min(least[x], line[x]) }
              }
            }
            for column in 0..<columns {
              var darkest: UInt8 = 255
              for x in across[column]..<across[column + 1] { darkest = min(darkest, least[x]) }
              target[row * columns + column] = darkest
            }
          }
        }
      }
    }
    return result
  }

  /// Brings hints to another size: none is lost, and each has a colour that was drawn.
  ///
  /// hints: RGBA, a hint where alpha is at least half. A block has a hint where hints cover half of
  /// it, or any of it while no block beside it has one like that; its colour is that of the hint
  /// nearest to its middle. Returns RGBA: alpha 255 where a hint is, else all 0.
  static func hints(_ given: Plane<UInt8>, width: Int, height: Int) -> Plane<UInt8> {
    let hints = repeated(given, width: max(width, given.width), height: max(height, given.height))
    let (across, down) = (starts(hints.width, width), starts(hints.height, height))
    var pooled = Plane<UInt8>(width: width, height: height, channels: 4, filledWith: 0)
    var covered = [Double](repeating: 0, count: width * height)
    for row in 0..<height {
      let rows = down[row]..<down[row + 1]
      let isHinted = hints.values.withUnsafeBufferPointer { bytes in
        let band = UnsafeBufferPointer(
          rebasing: bytes[(rows.lowerBound * hints.stride)..<(rows.upperBound * hints.stride)])
        return stride(from: 3, to: band.count, by: 4).contains { band[$0] >= hintFrom }
      }
      guard isHinted else { continue }
      let middle = (Double(row) + 0.5) * Double(hints.height) / Double(height)
      for column in 0..<width {
        let block = Block(
          columns: across[column]..<across[column + 1], rows: rows,
          x: (Double(column) + 0.5) * Double(hints.width) / Double(width), y: middle)
        let (nearest, count) = block.nearestHint(in: hints)
        guard let nearest else { continue }
        let target = (row * width + column) * 4
        for channel in 0..<3 {
          pooled.values[target + channel] = hints.values[nearest * 4 + channel]
        }
        pooled.values[target + 3] = 255
        covered[row * width + column] =
          Double(count) / Double(rows.count * block.columns.count)
      }
    }
    dropSpare(&pooled, covered: covered)
    return pooled
  }

  /// Some of the hints' pixels, and where their middle is.
  private struct Block {
    let columns: Range<Int>, rows: Range<Int>
    let x: Double, y: Double

    /// The place of the hint nearest to the middle, and how many pixels are hinted.
    func nearestHint(in hints: Plane<UInt8>) -> (place: Int?, count: Int) {
      var (place, count): (Int?, Int) = (nil, 0)
      var least = Double.infinity
      for column in columns {
        var (row, away): (Int?, Double) = (nil, .infinity)
        for y in rows where hints.values[(y * hints.width + column) * 4 + 3] >= Pooling.hintFrom {
          count += 1
          let off = Double(y) + 0.5 - self.y
          if off * off < away { (row, away) = (y, off * off) }
        }
        let off = Double(column) + 0.5 - x
        if let row, away + off * off < least {
          (place, least) = (row * hints.width + column, away + off * off)
        }
      }
      return (place, count)
    }
  }

  /// Removes the hints of blocks that a like one beside them speaks for.
  private static func dropSpare(_ pooled: inout Plane<UInt8>, covered: [Double]) {
    let (width, height, bytes) = (pooled.width, pooled.height, pooled.values)
    for y in 0..<height {
      for x in 0..<width where covered[y * width + x] > 0 && covered[y * width + x] < most {
        let here = (y * width + x) * 4
        var isSpare = false
        for nearY in max(0, y - 1)...min(height - 1, y + 1) {
          for nearX in max(0, x - 1)...min(width - 1, x + 1)
          where covered[nearY * width + nearX] >= most {
            let near = (nearY * width + nearX) * 4
            isSpare =
              isSpare
              || (0..<3).allSatisfy { abs(Int(bytes[here + $0]) - Int(bytes[near + $0])) <= alike }
          }
        }
        if isSpare {
          for channel in 0..<4 { pooled.values[here + channel] = 0 }
        }
      }
    }
  }

  /// Repeats pixels until a side is that long.
  private static func repeated(_ plane: Plane<UInt8>, width: Int, height: Int) -> Plane<UInt8> {
    if width == plane.width && height == plane.height { return plane }
    func places(_ pixels: Int, _ count: Int) -> [Int] {
      let scale = 1 / (Double(count) / Double(pixels))
      return (0..<count).map { min(Int((Double($0) * scale).rounded(.down)), pixels - 1) }
    }
    let (columns, rows) = (places(plane.width, width), places(plane.height, height))
    var values: [UInt8] = []
    values.reserveCapacity(width * height * 4)
    for y in rows {
      for x in columns {
        let start = (y * plane.width + x) * 4
        values.append(contentsOf: plane.values[start..<(start + 4)])
      }
    }
    return Plane(width: width, height: height, channels: 4, values: values)
  }

  /// The first pixel of each block along a side, and the side's end.
  private static func starts(_ pixels: Int, _ blocks: Int) -> [Int] {
    (0...blocks).map { $0 * pixels / blocks }
  }
}
