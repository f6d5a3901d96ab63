/// Colour hints as models with hints take them: red, green, blue in [-1, 1] and a mask of 0 or 1.
///
/// Where the mask is 0, so are the colours. A pixel is hinted when half of it or more is covered;
/// the later stroke wins. No model that Nurie exports takes hints yet: this is how they will come.
public struct HintLayer: Equatable, Sendable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// height x width x 4 values, channels last.
  public let values: [Float]

  /// Draws the strokes in their order. Throws for an empty canvas.
  public init(_ strokes: [HintStroke], width: Int, height: Int) throws(NurieError) {
    guard width > 0, height > 0 else {
      throw .picture("Expected a canvas of 1 pixel or more a side, received \(width) x \(height).")
    }
    var values = [Float](repeating: 0, count: width * height * 4)
    for hint in strokes {
      let color = PixelRange.toUnitRange([hint.red, hint.green, hint.blue]) + [1]
      StrokeRasteriser.forEachCovered(hint.stroke, width: width, height: height) { pixel, covered in
        if covered >= 0.5 { values.replaceSubrange((pixel * 4)..<(pixel * 4 + 4), with: color) }
      }
    }
    self.width = width
    self.height = height
    self.values = values
  }
}
