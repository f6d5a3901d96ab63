/// A colour, sRGB.
public struct RGB: Hashable, Sendable {
  /// Its levels.
  public let red: UInt8, green: UInt8, blue: UInt8

  /// Paper.
  public static let white = RGB(red: .max, green: .max, blue: .max)

  /// Takes the levels as they are.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// The pixel number `index` of three bytes or more.
  init(_ bytes: some RandomAccessCollection<UInt8>, pixel index: Int, channels: Int) {
    let start = bytes.index(bytes.startIndex, offsetBy: index * channels)
    self.init(
      red: bytes[start], green: bytes[bytes.index(start, offsetBy: 1)],
      blue: bytes[bytes.index(start, offsetBy: 2)])
  }
}
