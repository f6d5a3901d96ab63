/// The pixel range of the networks: 8-bit pixels to [-1, 1] and back, as training/pixels.py does
/// it.
///
/// Golden bytes written by Python hold both directions to it, every rounding included.
public enum PixelRange {
  /// The grey of paper.
  public static let paper = UInt8.max
  /// Ink is darker: an antialiased edge counts as what covers most of it.
  static let inkBelow: UInt8 = 128
  /// Paper under less ink than a tenth shows its colour.
  static let cleanAbove: UInt8 = 230
  /// Ink whose darkest channel is not below it cannot be seen on white paper.
  static let lightInk: UInt8 = 200
  /// The middle of the pixel range, which maps to 0.
  static let middle = Float(UInt8.max) / 2

  /// Scales pixels to [-1, 1]: pixel / 127.5 - 1.
  public static func toUnitRange(_ pixels: [UInt8]) -> [Float] {
    pixels.map { Float($0) / middle - 1 }
  }

  /// Turns network output into pixels: halves round to even, values outside [-1, 1] are clipped.
  ///
  /// For apps whose model returns numbers. Throws for NaN or infinity, which are no colours.
  public static func toUInt8(_ unit: [Float]) throws(NurieError) -> [UInt8] {
    try requireFinite(unit)
    return unit.map { rounded(($0 + 1) * middle) }
  }

  /// The nearest pixel: halves to even, clipped to 0...255. Precondition: not NaN.
  static func rounded(_ value: Float) -> UInt8 {
    UInt8(min(max(value.rounded(.toNearestOrEven), 0), Float(UInt8.max)))
  }

  /// The nearest pixel, for sums that need more digits than Float has.
  static func rounded(_ value: Double) -> UInt8 {
    UInt8(min(max(value.rounded(.toNearestOrEven), 0), Double(UInt8.max)))
  }

  /// The luma of ITU-R BT.601, in the 15-bit fixed point of OpenCV's cvtColor.
  static func luma(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    // 0.299, 0.587 and 0.114 x 2^15; they add up to 2^15.
    let (red, green, blue) = (Int32(red) &* 9798, Int32(green) &* 19235, Int32(blue) &* 3735)
    return UInt8(truncatingIfNeeded: (red &+ green &+ blue &+ 16384) >> 15)
  }

  /// Throws unless every value is a number.
  static func requireFinite(_ values: [Float]) throws(NurieError) {
    let broken = values.count { !$0.isFinite }
    guard broken == 0 else {
      throw .picture(
        "\(broken) of \(values.count) values of a picture are NaN or infinite: the model that "
          + "painted it is broken. Export it again, or try another compute unit.")
    }
  }
}
