/// From a clean drawing to its finished picture: fit, part into regions, colour.
///
/// The steps of `training/picture/finishing/picture.py`; what paints stands between `fit` and
/// `finish`, and is whatever runs the model. One finisher colours one drawing after the other and
/// keeps the memory that it works in: drop it when nobody draws.
public actor Finisher {
  private var fitter = Fitter()
  private var ruler = LineRuler()
  private var finder = Labelling()

  /// Allocates nothing yet.
  public init() {}

  /// The working picture that a model is given for a drawing: see `Fitted`.
  public func fit(
    _ lineart: Picture, width: Int, height: Int, learned: ClosedRange<Double>,
    hints: Hints? = nil
  ) throws(NurieError) -> Fitted {
    try fitter.fit(lineart, width: width, height: height, learned: learned, hints: hints)
  }

  /// Parts a drawing by its lines, whose width is measured. Throws unless it is grey, and for 2^31
  /// pixels or more.
  public func regions(of lineart: Picture) throws(NurieError) -> RegionMap {
    try lineart.requireGrey()
    let plane = Plane(lineart)
    return try finder.find(plane, lineWidth: ruler.widthOfLarge(plane) ?? 1)
  }

  /// Colours a drawing with what a model painted of it.
  ///
  /// lineart: grey, clean, of any size. hints: of the same size, a hint where at least half opaque.
  /// former: the regions of the drawing before its last change, whose identities and locked colours
  /// stay. Throws for other channels, or hints of another size.
  public func finish(
    _ lineart: Picture, painted: Painted, hints: Hints? = nil, former: SteadyRegions? = nil
  ) throws(NurieError) -> Finished {
    let map = try regions(of: lineart)
    let regions = former.map { $0.changed(to: map) } ?? SteadyRegions(map)
    let flats = try FlatColors(map, painted: painted, lineart: lineart, hints: hints)
    return Finished(
      ink: lineart,
      flats: regions.hasLocks
        ? try flats.picture(locked: regions.lockedColors) : flats.picture(),
      regions: regions, painted: painted)
  }
}
