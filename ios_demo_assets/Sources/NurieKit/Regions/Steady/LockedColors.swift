/// Colours that stand, of some regions of a map.
public struct LockedColors: Sendable {
  let map: RegionMap
  /// By region; nil: whatever it would have.
  let colors: [RGB?]
}
