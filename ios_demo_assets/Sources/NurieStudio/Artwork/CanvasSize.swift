import NurieKit

/// How large a canvas is.
public enum CanvasSize {
  /// Pixels of a canvas for a point on screen: pens of the system's widths are drawn sharply.
  public static let pixelsPerPoint = 2.0
  // Of an iPad's screen, about: regions of it are found in half a second on a telephone.
  private static let mostPixels = 5_600_000.0

  /// The canvas for a window of that many points: as large as it, and of no more pixels than are
  /// coloured while one waits.
  public static func pixels(width: Double, height: Double) -> (width: Int, height: Int) {
    let (across, down) = (max(width, 1) * pixelsPerPoint, max(height, 1) * pixelsPerPoint)
    let scale = min(1, (mostPixels / (across * down)).squareRoot())
    return (max(1, Int(across * scale)), max(1, Int(down * scale)))
  }

  /// Pixels of a photograph's longer side when it is decoded: one of 48 megapixels is never held.
  public static let photographSide = 2732
}
