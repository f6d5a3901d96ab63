/// Rows of numbers in one piece of memory: what the steps from a drawing to its picture work on.
///
/// `reshape` keeps the memory, so that the next drawing of the same size allocates nothing.
struct Plane<Element: Sendable & BitwiseCopyable>: Sendable {
  /// Pixels in a row, rows, and numbers side by side in a pixel.
  private(set) var width = 0, height = 0, channels = 1
  /// height x width x channels numbers.
  var values: [Element] = []

  /// Numbers in a row.
  var stride: Int { width * channels }

  init() {}

  init(width: Int, height: Int, channels: Int = 1, values: [Element]) {
    assert(values.count == width * height * channels)
    self.width = width
    self.height = height
    self.channels = channels
    self.values = values
  }

  init(width: Int, height: Int, channels: Int = 1, filledWith element: Element) {
    self.init(
      width: width, height: height, channels: channels,
      values: [Element](repeating: element, count: width * height * channels))
  }

  /// Takes another size. What stands in it afterwards is of no meaning.
  mutating func reshape(width: Int, height: Int, channels: Int = 1, spare element: Element) {
    let count = width * height * channels
    if values.count > count { values.removeLast(values.count - count) }
    if values.count < count {
      values.append(contentsOf: repeatElement(element, count: count - values.count))
    }
    self.width = width
    self.height = height
    self.channels = channels
  }
}

extension Plane where Element == UInt8 {
  /// The pixels of a picture, without a copy.
  init(_ picture: Picture) {
    self.init(
      width: picture.width, height: picture.height, channels: picture.channels.rawValue,
      values: picture.bytes)
  }

  /// The picture of these pixels. Precondition: 1, 3 or 4 channels.
  var picture: Picture {
    Picture(
      width: width, height: height, channels: Picture.Channels(rawValue: channels) ?? .grey,
      unchecked: values)
  }

  /// How many pixels have each level: 256 numbers. Precondition: one channel.
  func levels() -> [Int] {
    let bands = Bands(rows: height, numbersPerRow: width)
    // Four counts in turn: equal levels follow one another, and a count must not wait for itself.
    var parts = [Int](repeating: 0, count: bands.count * 1024)
    values.withUnsafeBufferPointer { values in
      parts.withUnsafeMutableBufferPointer { parts in
        bands.forEach { band, rows in
          let counts = UnsafeMutableBufferPointer(
            rebasing: parts[(band * 1024)..<(band * 1024 + 1024)])
          for index in (rows.lowerBound * width)..<(rows.upperBound * width) {
            counts[Int(values[index]) << 2 | index & 3] += 1
          }
        }
      }
    }
    return (0..<256).map { level in
      (0..<bands.count).reduce(0) { sum, band in
        sum + parts[(band * 1024 + level * 4)..<(band * 1024 + level * 4 + 4)].reduce(0, +)
      }
    }
  }
}
