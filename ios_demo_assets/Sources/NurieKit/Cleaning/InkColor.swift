/// The darkness of ink of any colour on white paper.
///
/// Coloured lines are taken in the channel that they darken most: a yellow or light blue line is
/// hardly darker than paper, but not so in blue or red. Coloured areas stay as light as they are.
struct InkColor {
  private static let color = 48  // levels between channels: beyond JPEG and the colours of edges
  private static let colored = 0.1  // share of the ink that must be coloured
  private static let filled = 0.3  // share of it that lies deep within it: areas, not lines
  private static let deep = 1.0 / 100  // of the longer side: half the width of an area

  /// The darkest channel of each pixel.
  let darkest: Plane<UInt8>
  /// Whether the ink is lines of colour.
  let isColored: Bool

  /// picture: RGB.
  init(_ picture: Plane<UInt8>) {
    let (width, height) = (picture.width, picture.height)
    var darkest = Plane<UInt8>(width: width, height: height, filledWith: 0)
    var mask = Plane<UInt8>(width: width, height: height, filledWith: 0)
    var (inked, count) = (0, 0)
    for pixel in 0..<(width * height) {
      let (red, green, blue) = (
        picture.values[pixel * 3], picture.values[pixel * 3 + 1], picture.values[pixel * 3 + 2]
      )
      let least = min(red, green, blue)
      darkest.values[pixel] = least
      guard least < PixelRange.lightInk else { continue }
      inked += 1
      if Int(max(red, green, blue) - least) > Self.color {
        mask.values[pixel] = 1
        count += 1
      }
    }
    self.darkest = darkest
    guard Double(count) > Self.colored * Double(inked) else {
      isColored = false
      return
    }
    let half = max(1, (Self.deep * Double(max(width, height))).wholeNumber)
    let deep = Filters.extreme(of: mask, side: 2 * half + 1, darkest: true)
    let deepCount = deep.values.reduce(0) { $0 + Int($1) }
    isColored = Double(deepCount) <= Self.filled * Double(count)
  }
}
