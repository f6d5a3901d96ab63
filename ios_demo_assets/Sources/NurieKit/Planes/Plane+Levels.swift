extension Plane where Element == UInt8 {
  /// Whether all channels of each pixel are equal. Precondition: RGB.
  var isGrey: Bool {
    values.withUnsafeBufferPointer { values in
      for index in Swift.stride(from: 0, to: values.count, by: 3)
      where values[index] != values[index + 1] || values[index] != values[index + 2] {
        return false
      }
      return true
    }
  }

  /// One channel alone.
  func channel(_ channel: Int) -> Plane {
    if channels == 1 { return self }
    var result = Plane(width: width, height: height, filledWith: 0)
    Bands(rows: height, numbersPerRow: stride).forEachSharing(values, &result.values) {
      source, target, rows in
      for pixel in (rows.lowerBound * width)..<(rows.upperBound * width) {
        target[pixel] = source[pixel * channels + channel]
      }
    }
    return result
  }

  /// The luma of RGB, as `Picture.grey` has it.
  func grey() -> Plane {
    if channels == 1 { return self }
    var result = Plane(width: width, height: height, filledWith: 0)
    Bands(rows: height, numbersPerRow: stride).forEachSharing(values, &result.values) {
      source, target, rows in
      for pixel in (rows.lowerBound * width)..<(rows.upperBound * width) {
        target[pixel] = PixelRange.luma(
          source[pixel * 3], source[pixel * 3 + 1], source[pixel * 3 + 2])
      }
    }
    return result
  }

  /// RGB of a picture with opacity. level: of a channel of the pixel that begins at a byte.
  func colors(_ level: (_ pixel: Int, _ channel: Int) -> Int) -> Plane {
    var result = Plane(width: width, height: height, channels: 3, filledWith: 0)
    result.values.withUnsafeMutableBufferPointer { target in
      Bands(rows: height, numbersPerRow: stride).forEach { _, rows in
        for pixel in (rows.lowerBound * width)..<(rows.upperBound * width) {
          for channel in 0..<3 {
            target[pixel * 3 + channel] = UInt8(truncatingIfNeeded: level(pixel * 4, channel))
          }
        }
      }
    }
    return result
  }

  /// Replaces every level by what a table says. tables: one a channel.
  mutating func look(up tables: [[UInt8]]) {
    let (numbers, tables) = (stride, tables.flatMap { $0 })
    let count = channels
    let bands = Bands(rows: height, numbersPerRow: numbers)
    bands.forEachSharing(tables, &values) { tables, values, rows in
      for index in (rows.lowerBound * numbers)..<(rows.upperBound * numbers) {
        let channel = count == 1 ? 0 : index % count
        values[index] = tables[channel * 256 + Int(values[index])]
      }
    }
  }

  /// Replaces every level by a function of it.
  mutating func map(_ level: (UInt8) -> UInt8) {
    let table = (0..<256).map { level(UInt8($0)) }
    look(up: [[UInt8]](repeating: table, count: channels))
  }
}
