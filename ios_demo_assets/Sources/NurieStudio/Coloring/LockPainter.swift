import NurieKit

/// Fills regions with their locked colours, over whatever else was painted.
enum LockPainter {
  /// The picture with every locked region in its colour, exactly.
  ///
  /// colors: RGB, of the map's size or of another one: then each pixel is of the region that its
  /// middle lies in. color: instead of each region's own.
  static func painted(
    _ regions: SteadyRegions, over colors: Picture, with color: RGB? = nil
  ) throws(NurieError) -> Picture {
    guard regions.hasLocks else { return colors }
    let fill = regions.identities.map { region in regions.locked[region].map { color ?? $0 } }
    let map = regions.map
    let columns = places(colors.width, in: map.width)
    let rows = places(colors.height, in: map.height)
    var bytes = colors.bytes
    bytes.withUnsafeMutableBufferPointer { bytes in
      map.labels.withUnsafeBufferPointer { labels in
        for (y, row) in rows.enumerated() {
          var target = y * columns.count * 3
          for column in columns {
            if let color = fill[Int(labels[row * map.width + column])] {
              bytes[target] = color.red
              bytes[target + 1] = color.green
              bytes[target + 2] = color.blue
            }
            target += 3
          }
        }
      }
    }
    return try Picture(
      width: colors.width, height: colors.height, channels: .rgb, bytes: bytes)
  }

  /// A picture in another size, each pixel that of its place: for what is replaced in a moment.
  static func resized(_ colors: Picture, width: Int, height: Int) throws(NurieError) -> Picture {
    guard (colors.width, colors.height) != (width, height) else { return colors }
    let columns = places(width, in: colors.width)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(width * height * 3)
    for row in places(height, in: colors.height) {
      for column in columns {
        for channel in 0..<3 { bytes.append(colors[column, row, channel]) }
      }
    }
    return try Picture(width: width, height: height, channels: .rgb, bytes: bytes)
  }

  /// For each of `count` places along a side: the one of `all` that its middle lies in.
  private static func places(_ count: Int, in all: Int) -> [Int] {
    (0..<count).map { (2 * $0 + 1) * all / (2 * count) }
  }
}
