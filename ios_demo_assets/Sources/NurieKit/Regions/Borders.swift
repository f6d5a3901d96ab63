/// What parts the regions of a drawing: how long each border of two is, and how much of it is open.
///
/// An open border runs over paper: there a gap in a line was closed.
struct Borders: Sendable {
  /// Two regions that touch, and the sides of pixels between them.
  struct Border: Sendable {
    /// first < second.
    let first: Int, second: Int
    var length: Int
    /// Those of the sides that have paper on both.
    var gap: Int
  }

  /// Every pair of regions that touch, by the first and then the second.
  let all: [Border]

  private init(_ sums: PairSums) {
    // A sum counts sides in its lower half, and those over paper in the upper one.
    all = sums.sorted().map { pair in
      Border(
        first: pair.first, second: pair.second, length: pair.sum & 0xFFFF_FFFF,
        gap: pair.sum >> 32)
    }
  }

  /// Measures the borders of regions.
  ///
  /// labels: 0 and more; the drawing's first pixel stands at `start`, the one below `stride` numbers
  /// after it. lineart: tells paper from ink.
  init(
    _ labels: UnsafeBufferPointer<Int32>, start: Int, stride: Int, lineart: Plane<UInt8>
  ) {
    let (width, height) = (lineart.width, lineart.height)
    let bands = Bands(rows: height, numbersPerRow: width)
    var parts = [PairSums](repeating: PairSums(), count: bands.count)
    parts.withUnsafeMutableBufferPointer { parts in
      lineart.values.withUnsafeBufferPointer { lineart in
        bands.forEach { band, rows in
          var sums = PairSums()
          func row(_ y: Int) -> (UnsafeBufferPointer<Int32>, UnsafeBufferPointer<UInt8>) {
            let (first, pixel) = (start + y * stride, y * width)
            return (
              UnsafeBufferPointer(rebasing: labels[first..<(first + width)]),
              UnsafeBufferPointer(rebasing: lineart[pixel..<(pixel + width)])
            )
          }
          func count(_ one: Int32, _ other: Int32, _ level: UInt8, _ otherLevel: UInt8) {
            let isGap = RegionMap.isPaper(level) && RegionMap.isPaper(otherLevel)
            sums.add(1 + (isGap ? 1 << 32 : 0), to: Int(min(one, other)), Int(max(one, other)))
          }
          for y in rows {
            let (here, levels) = row(y)
            let (below, levelsBelow) = y + 1 < height ? row(y + 1) : (here, levels)
            var x = 0
            while x < width {
              // Eight pixels at a time: most are like their neighbours.
              while x + 8 < width, Self.areAlike(here, below, from: x) { x += 8 }
              for x in x..<min(x + 8, width) {
                if x + 1 < width, here[x] != here[x + 1] {
                  count(here[x], here[x + 1], levels[x], levels[x + 1])
                }
                if here[x] != below[x] { count(here[x], below[x], levels[x], levelsBelow[x]) }
              }
              x += 8
            }
          }
          parts[band] = sums
        }
      }
    }
    var sums = parts[0]
    for part in parts.dropFirst() { sums.add(part) }
    self.init(sums)
  }

  /// Whether eight pixels are like those on their right and below.
  @inline(__always)
  private static func areAlike(
    _ here: UnsafeBufferPointer<Int32>, _ below: UnsafeBufferPointer<Int32>, from x: Int
  ) -> Bool {
    let bytes = x * MemoryLayout<Int32>.stride
    let one = UnsafeRawBufferPointer(here).loadUnaligned(
      fromByteOffset: bytes, as: SIMD8<Int32>.self)
    let right = UnsafeRawBufferPointer(here).loadUnaligned(
      fromByteOffset: bytes + MemoryLayout<Int32>.stride, as: SIMD8<Int32>.self)
    let other = UnsafeRawBufferPointer(below).loadUnaligned(
      fromByteOffset: bytes, as: SIMD8<Int32>.self)
    return one == right && one == other
  }

  /// The borders of groups of regions. groups: of each region.
  func joined(into groups: [Int]) -> Borders {
    var sums = PairSums()
    for border in all {
      let (one, other) = (groups[border.first], groups[border.second])
      if one != other {
        sums.add(border.length + border.gap << 32, to: min(one, other), max(one, other))
      }
    }
    return Borders(sums)
  }

  /// For each wanted region the offered one across the longest gap, or nil.
  ///
  /// Without a gap to any: the one with the longest border, unless throughGaps asks for gaps alone;
  /// among equals, the smaller number.
  func bestNeighbors(wanted: [Bool], offered: [Bool], throughGaps: Bool = false) -> [Int?] {
    var best = [Int?](repeating: nil, count: wanted.count)
    var border = [(gap: Int, length: Int)](repeating: (-1, -1), count: wanted.count)
    func offer(_ other: Int, to one: Int, _ found: Border) {
      guard wanted[one], offered[other], found.gap > 0 || !throughGaps else { return }
      let (new, old) = ((found.gap, found.length), border[one])
      if new > old || (new == old && other < best[one] ?? .max) {
        best[one] = other
        border[one] = (found.gap, found.length)
      }
    }
    for found in all {
      offer(found.second, to: found.first, found)
      offer(found.first, to: found.second, found)
    }
    return best
  }
}
