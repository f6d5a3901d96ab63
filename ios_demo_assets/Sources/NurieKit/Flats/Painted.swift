/// What a model painted of a drawing, what it was given, and where in it the drawing lies.
public struct Painted: Sendable {
  /// RGB: the colours below the ink. Its pixels are called cells: each is wider than many of the
  /// drawing's.
  public let layer: Picture
  /// The line art that it was painted for: grey, of the same size.
  public let working: Picture
  /// Of the drawing in the working picture.
  public let placement: Placement

  /// From this level on a cell has so little ink, 8 %, that the layer is trusted there.
  private static let cleanFrom = 255 * (1 - 0.08)

  /// Takes the layer that a model painted for a fitted drawing.
  ///
  /// layer: RGB, as `ColoringModel.paint` returns it for a model that paints a layer; for one that
  /// paints finished pictures, `InkComposition.layerBeneath` guesses it. Throws for other channels
  /// or another size.
  public init(_ layer: Picture, of fitted: Fitted) throws(NurieError) {
    let working = fitted.lineart
    guard layer.channels == .rgb, layer.width == working.width, layer.height == working.height
    else {
      throw .picture(
        "Expected an RGB layer of the working picture's size, \(working.width) x "
          + "\(working.height), received \(layer.width) x \(layer.height) with "
          + "\(layer.channels.rawValue) channels.")
    }
    self.layer = layer
    self.working = working
    placement = fitted.placement
  }

  /// Whether the layer is trusted in a cell.
  func isClean(_ cell: Int) -> Bool { Double(working.bytes[cell]) >= Self.cleanFrom }

  /// The colour of a cell.
  func color(_ cell: Int) -> RGB { RGB(layer.bytes, pixel: cell, channels: 3) }
}
