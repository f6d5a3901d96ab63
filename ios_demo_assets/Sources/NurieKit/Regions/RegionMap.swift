/// The regions of a drawing: areas that its lines bound, with the gaps in the lines closed.
///
/// Equal to the labels of `training/picture/regions/labels.py`, pixel by pixel.
public struct RegionMap: Equatable, Sendable {
  /// Pixels in a row, and rows.
  public let width: Int, height: Int
  /// The region of each pixel, row by row: 0 to `count` - 1, in the order of their first pixels.
  public let labels: [Int32]
  /// How many regions there are, 1 or more.
  public let count: Int

  /// A line of half a pixel's width leaves less than that in one of two pixels.
  static let paperFrom: UInt8 = 192

  /// Parts a drawing by its lines.
  ///
  /// lineart: grey, paper 255, ink 0. lineWidth: of its lines, in pixels; `LineWidth` measures it.
  /// For one drawing after the other, `Finisher` keeps the memory. Throws for other channels, for
  /// a width that is not above 0 and for 2^31 pixels or more.
  public init(_ lineart: Picture, lineWidth: Double) throws(NurieError) {
    try lineart.requireGrey()
    guard lineWidth > 0, lineWidth.isFinite else {
      throw .picture(
        "Expected lines of more than 0 pixels, received \(lineWidth). Measure them first, and take "
          + "1 where there are none.")
    }
    var finder = Labelling()
    self = try finder.find(Plane(lineart), lineWidth: lineWidth)
  }

  init(width: Int, height: Int, labels: [Int32], count: Int) {
    assert(labels.count == width * height)
    self.width = width
    self.height = height
    self.labels = labels
    self.count = count
  }

  /// Whether a level of grey is paper.
  @inline(__always)
  static func isPaper(_ level: UInt8) -> Bool { level >= paperFrom }
}
