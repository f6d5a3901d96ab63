/// How wide the lines of a drawing are.
public enum LineWidth {
  /// The width of a drawing's lines in pixels; nil where there is no ink.
  ///
  /// The median, along the middle of the ink, of twice the distance to paper. lineart: grey, paper
  /// 255, of any size: of a large one, lines are known to a pixel of what it is averaged to, 1,024
  /// to 2,047 pixels a side. Throws for other channels.
  public static func measure(_ lineart: Picture) throws(NurieError) -> Double? {
    try lineart.requireGrey()
    var ruler = LineRuler()
    return ruler.widthOfLarge(Plane(lineart))
  }
}
