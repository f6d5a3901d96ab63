/// Fills what a region does not know of a layer from what it knows, and only from that.
///
/// Normalised convolution (Knutsson and Westin 1993): colours times certainty, filtered, divided by
/// certainty filtered alike. Over a pyramid, so that it reaches as far as it has to (pull-push:
/// Gortler et al. 1996). As `training/picture/flats/smooth.py`.
enum Filling {
  /// A layer, three numbers a pixel, and how certain each pixel is, in [0, 1].
  struct Level {
    let width: Int, height: Int
    var colors: [Float]
    var certainty: [Float]
  }

  private static let nothing: Float = 1e-6  // certainty that divides nothing by nothing

  /// Returns the colours where they are certain, and what is near where they are not.
  ///
  /// Within the range of what is certain; what has no certainty has no effect.
  static func filled(_ level: Level) -> [Float] {
    let (width, height) = (level.width, level.height)
    var weighted = level.colors
    for index in weighted.indices { weighted[index] *= level.certainty[index / 3] }
    if width == 1, height == 1 {
      return weighted.map { $0 / max(level.certainty[0], nothing) }
    }
    let (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2)
    let known = halved(level.certainty, width: width, height: height, channels: 1)
    var means = halved(weighted, width: width, height: height, channels: 3)
    for index in means.indices { means[index] /= max(known[index / 3], nothing) }
    let coarse = filled(
      Level(
        width: halfWidth, height: halfHeight, colors: means,
        certainty: known.map { min(4 * $0, 1) }))
    addDoubled(coarse, width: halfWidth, height: halfHeight, to: &weighted, of: level)
    return weighted
  }

  /// The means of four pixels each; beyond an odd side lies 0.
  private static func halved(
    _ values: [Float], width: Int, height: Int, channels: Int
  ) -> [Float] {
    let (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2)
    var means = [Float](repeating: 0, count: halfWidth * halfHeight * channels)
    for y in 0..<halfHeight {
      for x in 0..<halfWidth {
        for channel in 0..<channels {
          var sum: Float = 0
          for (down, across) in [(0, 0), (0, 1), (1, 0), (1, 1)]
          where 2 * y + down < height && 2 * x + across < width {
            sum += values[((2 * y + down) * width + 2 * x + across) * channels + channel]
          }
          means[(y * halfWidth + x) * channels + channel] = sum * 0.25
        }
      }
    }
    return means
  }

  /// Adds a layer of half the size, enlarged bilinearly, by as much as certainty lacks.
  private static func addDoubled(
    _ coarse: [Float], width: Int, height: Int, to weighted: inout [Float], of level: Level
  ) {
    // The middle of a pixel lies a quarter from the nearest coarse middle.
    func near(_ place: Int, _ count: Int) -> (Int, Int, Float) {
      let first = (place - 1) >> 1
      let part: Float = place % 2 == 0 ? 0.75 : 0.25
      if first < 0 { return (0, 0, 0) }
      return first + 1 < count ? (first, first + 1, part) : (first, first, 0)
    }
    for y in 0..<level.height {
      let (above, below, down) = near(y, height)
      for x in 0..<level.width {
        let (left, right, across) = near(x, width)
        let lacks = 1 - level.certainty[y * level.width + x]
        guard lacks > 0 else { continue }
        for channel in 0..<3 {
          func enlarged(_ row: Int) -> Float {
            coarse[(row * width + left) * 3 + channel] * (1 - across)
              + coarse[(row * width + right) * 3 + channel] * across
          }
          weighted[(y * level.width + x) * 3 + channel] +=
            (enlarged(above) * (1 - down) + enlarged(below) * down) * lacks
        }
      }
    }
  }
}
