/// Turns pen strokes into the pixels that a model was trained on: antialiased lines, black on
/// paper.
///
/// A pixel is covered by the share of its area that lies on the line, whatever the phase between
/// line and pixels: a thin line leaves as much ink between two rows as on one. Overlapping strokes
/// do not darken each other.
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
    try sheet.requireGrey()
    var bytes = sheet.bytes
    for stroke in strokes {
      StrokeShape(stroke).forEachPixel(width: sheet.width, height: sheet.height) { pixel, place in
        let grey = PixelRange.rounded(Double(PixelRange.paper) * (1 - place.coverage))
        bytes[pixel] = min(bytes[pixel], grey)
      }
    }
    return Picture(width: sheet.width, height: sheet.height, channels: .grey, unchecked: bytes)
  }
}
