/// A stroke of colour by which somebody tells a model what to paint there.
public struct HintStroke: Equatable, Sendable {
  /// Where the brush passed.
  public let stroke: Stroke
  /// Its colour, sRGB.
  public let red: UInt8, green: UInt8, blue: UInt8

  /// Takes the values as they are.
  public init(stroke: Stroke, red: UInt8, green: UInt8, blue: UInt8) {
    self.stroke = stroke
    self.red = red
    self.green = green
    self.blue = blue
  }
}
