/// The tiles of one drawing: cut, painted one by one, and blended. benchmarks/tiles/tiling.py holds the
/// same rule: weights are whole numbers and sums exact, so that both languages blend equal bytes.
public struct TilePlan: Equatable, Sendable {
  /// The top left pixel of a tile.
  public struct Corner: Equatable, Sendable {
    /// Row.
    public let top: Int
    /// Column.
    public let left: Int
  }

  /// From the top.
  public let rows: TileAxis
  /// From the left.
  public let columns: TileAxis

  /// Plans the tiles of a drawing for a model of `tile` x `tile` pixels.
  ///
  /// overlap: 0 to tile / 2; a quarter of a tile unless given. Throws for anything else.
  public init(width: Int, height: Int, tile: Int, overlap: Int? = nil) throws(NurieError) {
    let shared = overlap ?? tile / 4
    rows = try TileAxis(length: height, tile: tile, overlap: shared)
    columns = try TileAxis(length: width, tile: tile, overlap: shared)
  }

  /// The tiles' corners, row by row.
  public var corners: [Corner] {
    rows.starts.flatMap { top in columns.starts.map { Corner(top: top, left: $0) } }
  }

  /// Cuts one tile of a drawing; what hangs over the drawing's end is paper.
  ///
  /// Throws for a drawing of another size than the plan's.
  public func cut(_ drawing: Picture, at corner: Corner) throws(NurieError) -> Picture {
    guard drawing.width == columns.length, drawing.height == rows.length else {
      throw .tiling(
        "Expected a drawing of \(columns.length) x \(rows.length), the plan's size, received "
          + "\(drawing.width) x \(drawing.height). Plan the tiles of this drawing.")
    }
    let (tile, count) = (rows.tile, drawing.channels.rawValue)
    var bytes = [UInt8](repeating: PixelRange.paper, count: tile * tile * count)
    let width = min(tile, columns.length - corner.left) * count
    for row in 0..<min(tile, rows.length - corner.top) {
      let start = ((corner.top + row) * drawing.width + corner.left) * count
      bytes.replaceSubrange(
        (row * tile * count)..<(row * tile * count + width),
        with: drawing.bytes[start..<(start + width)])
    }
    return Picture(width: tile, height: tile, channels: drawing.channels, unchecked: bytes)
  }

  /// Puts painted tiles together, in the order of `corners`: at each pixel the mean of the tiles
  /// that cover it, by weight; halves round to even.
  ///
  /// Throws for tiles that are not the plan's.
  public func blend(_ painted: [Picture]) throws(NurieError) -> Picture {
    let (tile, places) = (rows.tile, corners)
    guard painted.count == places.count,
      painted.allSatisfy({ $0.width == tile && $0.height == tile && $0.channels == .rgb })
    else {
      throw .tiling(
        "Expected \(places.count) painted tiles of \(tile) x \(tile) in colour, received "
          + "\(painted.count) pictures. Paint the tiles of this plan, in the order of its corners.")
    }
    var totals = [Double](repeating: 0, count: rows.covered * columns.covered * 3)
    var weights = [Double](repeating: 0, count: rows.covered * columns.covered)
    let (down, across) = (rows.weights, columns.weights)
    for (picture, corner) in zip(painted, places) {
      for y in 0..<tile {
        for x in 0..<tile {
          let weight = Double(down[y] * across[x])
          let pixel = (corner.top + y) * columns.covered + corner.left + x
          weights[pixel] += weight
          for channel in 0..<3 {
            totals[pixel * 3 + channel] += weight * Double(picture[x, y, channel])
          }
        }
      }
    }
    let blended = totals.indices.map { PixelRange.rounded(totals[$0] / weights[$0 / 3]) }
    return try Picture(
      width: columns.covered, height: rows.covered, channels: .rgb, unchecked: blended
    ).cropped(left: 0, top: 0, width: columns.length, height: rows.length)
  }
}
