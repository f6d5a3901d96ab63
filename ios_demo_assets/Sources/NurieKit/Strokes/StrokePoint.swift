/// One place that a pen passed, in pixels from the top left corner of the canvas.
public struct StrokePoint: Equatable, Sendable {
  /// From the left edge.
  public let x: Double
  /// From the top edge.
  public let y: Double
  /// Width of the line here.
  public let width: Double

  /// Takes the numbers as they are.
  public init(x: Double, y: Double, width: Double) {
    self.x = x
    self.y = y
    self.width = width
  }
}
