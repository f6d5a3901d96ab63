/// Turns pen strokes into the pixels that a model was trained on: antialiased lines, black on
/// paper.
///
/// A pixel is covered by as much as its middle lies inside the line, from 0 half a pixel outside
/// the edge to 1 half a pixel inside. Overlapping strokes do not darken each other.
public enum StrokeRasteriser {
  /// Line art of the strokes: grey, 255 paper, 0 ink.
  public static func lineart(
    _ strokes: [Stroke], width: Int, height: Int
  ) throws(NurieError) -> Picture {
    try lineart(strokes, over: .paper(width: width, height: height))
  }

  /// Draws the strokes over line art that is there already; neither lightens the other.
  public static func lineart(_ strokes: [Stroke], over sheet: Picture) throws(NurieError) -> Picture
  {
    guard sheet.channels == .grey else {
      throw .picture(
        "Expected grey line art to draw on, received \(sheet.channels.rawValue) channels.")
    }
    var bytes = sheet.bytes
    for stroke in strokes {
      forEachCovered(stroke, width: sheet.width, height: sheet.height) { pixel, coverage in
        let grey = PixelRange.rounded(Double(PixelRange.paper) * (1 - coverage))
        bytes[pixel] = min(bytes[pixel], grey)
      }
    }
    return Picture(width: sheet.width, height: sheet.height, channels: .grey, unchecked: bytes)
  }

  /// Calls `body` with the index of each pixel that a stroke touches and its coverage, above 0 to
  /// 1.
  ///
  /// A pixel may come several times, once for each piece of the stroke that touches it.
  static func forEachCovered(
    _ stroke: Stroke, width: Int, height: Int, body: (_ pixel: Int, _ coverage: Double) -> Void
  ) {
    let points = stroke.points
    for index in points.indices {
      // A piece runs to the next point; the only point of a dot is a piece of no length.
      guard index + 1 < points.count || points.count == 1 else { break }
      let (from, to) = (points[index], points[min(index + 1, points.count - 1)])
      let reach = max(from.width, to.width) / 2 + 1
      let columns = pixels(min(from.x, to.x) - reach, max(from.x, to.x) + reach, below: width)
      for y in pixels(min(from.y, to.y) - reach, max(from.y, to.y) + reach, below: height) {
        for x in columns {
          let covered = coverage(x: Double(x) + 0.5, y: Double(y) + 0.5, from: from, to: to)
          if covered > 0 { body(y * width + x, covered) }
        }
      }
    }
  }

  private static func pixels(_ low: Double, _ high: Double, below end: Int) -> Range<Int> {
    let first = Int(min(max(low.rounded(.down), 0), Double(end)))
    let last = Int(min(max(high.rounded(.up), 0), Double(end)))
    return first..<max(first, last)
  }

  /// How much of a pixel whose middle is (x, y) lies on the piece of a line between two points.
  private static func coverage(
    x: Double, y: Double, from: StrokePoint, to: StrokePoint
  ) -> Double {
    let (dx, dy) = (to.x - from.x, to.y - from.y)
    let squared = dx * dx + dy * dy
    let along =
      squared == 0 ? 0 : min(max(((x - from.x) * dx + (y - from.y) * dy) / squared, 0), 1)
    let (ox, oy) = (x - from.x - along * dx, y - from.y - along * dy)
    let width = from.width + along * (to.width - from.width)
    let inside = min(max(width / 2 + 0.5 - (ox * ox + oy * oy).squareRoot(), 0), 1)
    // A line thinner than a pixel covers no more of it than its width.
    return inside * min(width, 1)
  }
}
