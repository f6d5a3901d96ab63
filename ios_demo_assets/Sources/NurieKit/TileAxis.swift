/// Where tiles begin along one side of a drawing, and how they fade into each other.
public struct TileAxis: Equatable, Sendable {
  /// Pixels of the drawing.
  public let length: Int
  /// Pixels of the model.
  public let tile: Int
  /// Pixels that neighbours share at least, and the width of the fade.
  public let overlap: Int

  /// Throws for an empty drawing, an empty tile, or an overlap outside 0...tile/2.
  public init(length: Int, tile: Int, overlap: Int) throws(NurieError) {
    guard length >= 1, tile >= 1 else {
      throw .tiling(
        "Expected a drawing and tiles of 1 pixel or more a side, received \(length) and \(tile).")
    }
    guard (0...(tile / 2)).contains(overlap) else {
      throw .tiling(
        "Expected an overlap of 0 to \(tile / 2), half of a tile of \(tile) pixels, received "
          + "\(overlap).")
    }
    self.length = length
    self.tile = tile
    self.overlap = overlap
  }

  /// First pixel of each tile. Only a side shorter than a tile is overhung, at its end.
  public var starts: [Int] {
    guard length > tile else { return [0] }
    // The fewest tiles of which no two neighbours share less than the overlap.
    let count = (length - overlap + tile - overlap - 1) / (tile - overlap)
    return (0..<count).map { $0 * (length - tile) / (count - 1) }
  }

  /// Pixels from the first tile's begin to the last one's end: the length, or one tile.
  public var covered: Int { max(length, tile) }

  /// The least length from `length` up over which tiles step by just tile - overlap.
  ///
  /// A drawing padded with paper to it is cut where a network's own grid is, if that divides both:
  /// a network of strides paints the same lines otherwise when they move by one pixel.
  public var evenLength: Int { tile + (starts.count - 1) * (tile - overlap) }

  /// How much each pixel of a tile counts: up by 1 a pixel to the overlap, and down again.
  public var weights: [Int] {
    (0..<tile).map { min($0 + 1, tile - $0, max(overlap, 1)) }
  }
}
