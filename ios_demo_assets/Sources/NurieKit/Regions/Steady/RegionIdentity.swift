/// A region, whatever number it has in the map of the moment.
public struct RegionIdentity: Hashable, Sendable {
  let number: Int
}
