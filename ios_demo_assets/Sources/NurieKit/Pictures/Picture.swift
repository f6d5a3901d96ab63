/// A picture in memory: rows from the top, pixels from the left, channels side by side, 8 bits
/// each.
///
/// Paper is 255 in every channel. Colours are sRGB; alpha, where there is one, is not
/// premultiplied.
public struct Picture: Equatable, Sendable {
  /// What the bytes of a pixel are.
  public enum Channels: Int, Sendable {
    /// One byte: 255 is paper, 0 is ink.
    case grey = 1
    /// Red, green, blue.
    case rgb = 3
    /// Red, green, blue, opacity.
    case rgba = 4
  }

  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// What the bytes of a pixel are.
  public let channels: Channels
  /// height x width x channels bytes.
  public let bytes: [UInt8]

  /// Takes bytes as they are. Throws if there are not exactly height x width x channels of them.
  public init(width: Int, height: Int, channels: Channels, bytes: [UInt8]) throws(NurieError) {
    guard width > 0, height > 0 else {
      throw .picture("Expected a picture of 1 pixel or more a side, received \(width) x \(height).")
    }
    guard bytes.count == width * height * channels.rawValue else {
      throw .picture(
        "Expected \(width * height * channels.rawValue) bytes for a picture of \(width) x "
          + "\(height) with \(channels.rawValue) channels, received \(bytes.count).")
    }
    self.init(width: width, height: height, channels: channels, unchecked: bytes)
  }

  /// For our own arithmetic, whose sizes are right by construction.
  init(width: Int, height: Int, channels: Channels, unchecked bytes: [UInt8]) {
    assert(bytes.count == width * height * channels.rawValue)
    self.width = width
    self.height = height
    self.channels = channels
    self.bytes = bytes
  }

  /// Blank paper, opaque.
  public static func paper(
    width: Int, height: Int, channels: Channels = .grey
  ) throws(NurieError) -> Picture {
    let count = max(width, 0) * max(height, 0) * channels.rawValue
    return try Picture(
      width: width, height: height, channels: channels,
      bytes: [UInt8](repeating: PixelRange.paper, count: count))
  }

  /// The byte of one channel of one pixel. Precondition: inside the picture.
  public subscript(x: Int, y: Int, channel: Int) -> UInt8 {
    bytes[(y * width + x) * channels.rawValue + channel]
  }

  /// Throws unless the picture is grey, as line art is.
  func requireGrey() throws(NurieError) {
    guard channels == .grey else {
      throw .picture(
        "Expected grey line art, received \(channels.rawValue) channels. Clean the picture first.")
    }
  }

  /// The same grey in red, green and blue. Throws unless the picture is grey.
  func inThreeChannels() throws(NurieError) -> Picture {
    try requireGrey()
    return Picture(
      width: width, height: height, channels: .rgb,
      unchecked: bytes.flatMap { [$0, $0, $0] })
  }

  /// A rectangle of the picture. Throws if it reaches outside.
  public func cropped(
    left: Int, top: Int, width cropWidth: Int, height cropHeight: Int
  ) throws(NurieError) -> Picture {
    guard left >= 0, top >= 0, cropWidth > 0, cropHeight > 0,
      left + cropWidth <= width, top + cropHeight <= height
    else {
      throw .picture(
        "Expected a rectangle inside \(width) x \(height), received \(cropWidth) x \(cropHeight) "
          + "at (\(left), \(top)).")
    }
    let count = channels.rawValue
    var cut: [UInt8] = []
    cut.reserveCapacity(cropWidth * cropHeight * count)
    for row in top..<(top + cropHeight) {
      let start = (row * width + left) * count
      cut.append(contentsOf: bytes[start..<(start + cropWidth * count)])
    }
    return Picture(width: cropWidth, height: cropHeight, channels: channels, unchecked: cut)
  }
}
