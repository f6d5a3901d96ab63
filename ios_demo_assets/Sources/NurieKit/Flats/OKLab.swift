import Foundation

/// A colour in OKLab, where equal distances look about equally large: Ottosson 2020,
/// https://bottosson.github.io/posts/oklab/.
///
/// In whole numbers, as in `training/picture/flats/oklab.py`: sums of distances do not depend on
/// their order.
struct OKLab: Equatable, Sendable {
  /// Of lightness from black to white; 0.02 of it is just noticeable.
  static let unit = 4096.0
  static let white = OKLab(RGB.white)

  let lightness: Int32, a: Int32, b: Int32

  init(_ color: RGB) {
    let red = Self.linear[Int(color.red)]
    let green = Self.linear[Int(color.green)]
    let blue = Self.linear[Int(color.blue)]
    let long = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    let medium = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    let short = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    func whole(_ x: Double, _ y: Double, _ z: Double) -> Int32 {
      Int32(((x * long + y * medium + z * short) * Self.unit).rounded(.toNearestOrEven))
    }
    lightness = whole(0.2104542553, 0.7936177850, -0.0040720468)
    a = whole(1.9779984951, -2.4285922050, 0.4505937099)
    b = whole(0.0259040371, 0.7827717662, -0.8086757660)
  }

  /// How far two colours lie apart, rounded down.
  func distance(to other: OKLab) -> Int {
    let (x, y, z) = (lightness &- other.lightness, a &- other.a, b &- other.b)
    return Int(Double(x &* x &+ y &* y &+ z &* z).squareRoot())
  }

  /// A distance in the unit of `distance`.
  static func distance(_ share: Double) -> Int { Int(share * unit) }

  private static let linear: [Double] = (0..<256).map { level in
    let value = Double(level) / 255
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
  }
}
