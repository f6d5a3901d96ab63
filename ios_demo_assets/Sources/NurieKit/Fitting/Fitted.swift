/// What a model is given for a drawing, and where in it the drawing stands.
public struct Fitted: Equatable, Sendable {
  /// Grey, of the model's size, paper 255.
  public let lineart: Picture
  /// Of the same size, or nil where none were given.
  public let hints: Hints?
  /// Where the drawing stands.
  public let placement: Placement

  /// Fits a drawing to a working picture of that size, with lines as wide as a model learned.
  ///
  /// Lines that would be thinner are drawn along their middle with the thinnest pen that was
  /// learned, and where most are thicker than the thickest, the outline of the ink is moved inwards.
  /// What was learned anyway is averaged, and nothing else. lineart: grey, clean: paper 255; of any
  /// size. learned: the thinnest and the thickest line of the training, in pixels, as a manifest's
  /// `lineWidthPX` has them. hints: of the drawing's size. Throws for other channels, for hints of
  /// another size and for an empty working picture.
  public init(
    _ lineart: Picture, width: Int, height: Int, learned: ClosedRange<Double>,
    hints: Hints? = nil
  ) throws(NurieError) {
    var fitter = Fitter()
    self = try fitter.fit(lineart, width: width, height: height, learned: learned, hints: hints)
  }

  init(lineart: Picture, hints: Hints?, placement: Placement) {
    self.lineart = lineart
    self.hints = hints
    self.placement = placement
  }
}
