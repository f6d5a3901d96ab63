/// A coloured drawing at its own size, in layers.
public struct Finished: Sendable {
  /// Grey: the drawing as it was given.
  public let ink: Picture
  /// RGB: the colours of its regions, without the ink.
  public let flats: Picture
  /// The regions, with the identities and locked colours that they had before.
  public let regions: SteadyRegions

  private let painted: Painted

  init(ink: Picture, flats: Picture, regions: SteadyRegions, painted: Painted) {
    self.ink = ink
    self.flats = flats
    self.regions = regions
    self.painted = painted
  }

  /// RGB: the flats under the ink.
  public var picture: Picture { InkComposition.mixed(flats, lineart: ink) }

  /// RGB: what the model painted, enlarged, which knows no regions: for below the ink as well.
  ///
  /// Made anew each time.
  public var smooth: Picture {
    var smooth = Plane<UInt8>(width: ink.width, height: ink.height, channels: 3, filledWith: 0)
    let stride = smooth.stride
    smooth.values.withUnsafeMutableBufferPointer { target in
      Bands(rows: ink.height, numbersPerRow: stride).forEach { _, rows in
        var enlarger = Enlarger(
          Plane(painted.layer), placement: painted.placement, width: ink.width,
          height: ink.height)
        for row in rows {
          enlarger.write(
            row,
            to: UnsafeMutableBufferPointer(rebasing: target[(row * stride)..<((row + 1) * stride)]))
        }
      }
    }
    return smooth.picture
  }
}
