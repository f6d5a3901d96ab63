/// A drawing in the middle of a larger sheet of paper, and the way back: padded, never squashed.
///
/// The same rule as training/picture/colorizer.py: half of the gap, rounded down, stands above and left.
public struct PaperPadding: Equatable, Sendable {
  /// Size of the drawing.
  public let width: Int, height: Int
  /// Size of the sheet.
  public let paddedWidth: Int, paddedHeight: Int

  /// First row of the drawing on the sheet.
  public var top: Int { (paddedHeight - height) / 2 }
  /// First column of the drawing on the sheet.
  public var left: Int { (paddedWidth - width) / 2 }

  /// Plans the sheet. Throws for a drawing that is larger than the sheet, or empty.
  public init(width: Int, height: Int, to paddedWidth: Int, by paddedHeight: Int) throws(NurieError)
  {
    guard width > 0, height > 0, width <= paddedWidth, height <= paddedHeight else {
      throw .picture(
        "Expected a drawing of 1 to \(paddedWidth) x \(paddedHeight) pixels, received \(width) x "
          + "\(height). Scale it down.")
    }
    self.width = width
    self.height = height
    self.paddedWidth = paddedWidth
    self.paddedHeight = paddedHeight
  }

  /// Lays a drawing of the planned size on paper. Throws for one of another size.
  public func pad(_ drawing: Picture) throws(NurieError) -> Picture {
    try laid(drawing, on: PixelRange.paper)
  }

  /// Gives hints the size of the sheet: beside the drawing nobody hinted anything.
  public func pad(_ hints: Hints) throws(NurieError) -> Hints {
    try Hints(try laid(hints.picture, on: 0))
  }

  /// Cuts the drawing's place out of what was painted on the sheet. Throws for another size.
  public func crop(_ painted: Picture) throws(NurieError) -> Picture {
    guard painted.width == paddedWidth, painted.height == paddedHeight else {
      throw .picture(
        "Expected a sheet of \(paddedWidth) x \(paddedHeight), received \(painted.width) x "
          + "\(painted.height).")
    }
    return try painted.cropped(left: left, top: top, width: width, height: height)
  }

  private func laid(_ drawing: Picture, on ground: UInt8) throws(NurieError) -> Picture {
    guard drawing.width == width, drawing.height == height else {
      throw .picture(
        "Expected a drawing of \(width) x \(height), the planned size, received \(drawing.width) x "
          + "\(drawing.height).")
    }
    let count = drawing.channels.rawValue
    var sheet = [UInt8](repeating: ground, count: paddedWidth * paddedHeight * count)
    for row in 0..<height {
      let start = ((top + row) * paddedWidth + left) * count
      let line = drawing.bytes[(row * width * count)..<((row + 1) * width * count)]
      sheet.replaceSubrange(start..<(start + width * count), with: line)
    }
    return Picture(
      width: paddedWidth, height: paddedHeight, channels: drawing.channels, unchecked: sheet)
  }
}
