import Foundation

/// A region, whatever number it has in the map of the moment.
///
/// Of one region alone: what appears in another branch of changes, after an undo, or in another
/// drawing is never equal to it.
public struct RegionIdentity: Hashable, Sendable {
  /// The map in which the region appeared, and its number there.
  let origin: UUID, number: Int
}
