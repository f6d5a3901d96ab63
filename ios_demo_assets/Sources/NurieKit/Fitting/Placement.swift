/// Where a drawing stands in the working picture that a model is given, and the way there and back.
///
/// drawing = (working - offset) x scale, for places measured from the corner, in pixels. As
/// `training/picture/working/placement.py`.
public struct Placement: Equatable, Sendable {
  /// Pixels of the drawing that a pixel of the working picture is high and wide, above 0.
  public let down: Double, across: Double
  /// The drawing's corner in the working picture, in its pixels.
  public let left: Double, top: Double

  init(down: Double, across: Double, left: Double, top: Double) {
    self.down = down
    self.across = across
    self.left = left
    self.top = top
  }

  /// Places a drawing in the middle of a working picture, as large as fits; its shape is kept.
  ///
  /// In whole pixels, of which no side has less than one. Throws for an empty size.
  public init(
    width: Int, height: Int, in workingWidth: Int, by workingHeight: Int
  ) throws(NurieError) {
    guard min(width, height, workingWidth, workingHeight) > 0 else {
      throw .picture(
        "Expected a drawing and a working picture of 1 pixel or more a side, received \(width) x "
          + "\(height) and \(workingWidth) x \(workingHeight).")
    }
    let scale = min(
      Double(workingHeight) / Double(height), Double(workingWidth) / Double(width))
    let rows = max(1, (Double(height) * scale).wholeNumber)
    let columns = max(1, (Double(width) * scale).wholeNumber)
    self.init(
      down: Double(height) / Double(rows), across: Double(width) / Double(columns),
      left: Double((workingWidth - columns) / 2), top: Double((workingHeight - rows) / 2))
  }

  /// Pixels of the drawing that a pixel of the working picture holds.
  var cellArea: Double { down * across }

  /// Columns and rows of the working picture that a drawing takes which was placed in it.
  public func inside(width: Int, height: Int) -> (columns: Range<Int>, rows: Range<Int>) {
    let (left, top) = (left.wholeNumber, top.wholeNumber)
    return (
      left..<(left + (Double(width) / across).wholeNumber),
      top..<(top + (Double(height) / down).wholeNumber)
    )
  }

  /// The placement of a part of the drawing that begins at that column and row.
  ///
  /// To enlarge by: its cells are those of the whole drawing but for rounding, where the middle of a
  /// pixel lies on the border of two.
  func ofPart(left partLeft: Int, top partTop: Int) -> Placement {
    Placement(
      down: down, across: across, left: left + Double(partLeft) / across,
      top: top + Double(partTop) / down)
  }

  /// The drawing's placement in a part of the working picture that begins there.
  func ofCrop(left cropLeft: Int, top cropTop: Int) -> Placement {
    Placement(
      down: down, across: across, left: left - Double(cropLeft), top: top - Double(cropTop))
  }

  /// The column of the working picture that each one of the drawing lies in, the outermost beyond.
  func columns(_ width: Int, of working: Int) -> [Int32] {
    Self.cells(width, scale: across, offset: left, of: working)
  }

  /// The row of the working picture that each one of the drawing lies in.
  func rows(_ height: Int, of working: Int) -> [Int32] {
    Self.cells(height, scale: down, offset: top, of: working)
  }

  private static func cells(
    _ length: Int, scale: Double, offset: Double, of count: Int
  ) -> [Int32] {
    (0..<length).map { place in
      let cell = ((Double(place) + 0.5) / scale + offset).rounded(.down)
      return Int32(min(max(cell, 0), Double(count - 1)))
    }
  }
}
