import NurieKit

/// A region that has a colour whatever a model or a hint says.
///
/// Named by a pixel that lies in it, so that a file can hold it. While a drawing changes, its
/// regions are followed by what they have in common, and the pixel is moved where a line left it
/// beside the region: see `RegionKeeper`.
public struct RegionLock: Hashable, Sendable {
  /// A pixel of the region.
  public let x: Int, y: Int
  /// What the region is filled with.
  public let color: RGB

  /// Takes the values as they are.
  public init(x: Int, y: Int, color: RGB) {
    self.x = x
    self.y = y
    self.color = color
  }
}
