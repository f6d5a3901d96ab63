import Foundation

/// Regions that stay what they are while a drawing changes, and the colours that somebody locked.
///
/// Each stroke makes a new map, whose numbers say nothing of the former one's. A region keeps its
/// identity when a stroke is added elsewhere; of one that is split, the larger part keeps it; one
/// that several become has that of the largest. Everything is a value: to undo, keep the former.
public struct SteadyRegions: Sendable {
  /// The regions as they are now.
  public let map: RegionMap
  /// The identity of each of them, by its number in the map.
  public let identities: [RegionIdentity]
  /// The colours that were locked, of regions that are there.
  public private(set) var locked: [RegionIdentity: RGB]

  /// The regions of a new drawing, all of them new.
  public init(_ map: RegionMap) {
    self.map = map
    let origin = UUID()
    identities = (0..<map.count).map { RegionIdentity(origin: origin, number: $0) }
    locked = [:]
  }

  /// The regions of the same drawing after a change.
  ///
  /// Identities go to where most of their pixels are, those with most pixels in common first. A
  /// drawing of another size is a new one: nothing is taken over.
  public func changed(to new: RegionMap) -> SteadyRegions {
    guard new.width == map.width, new.height == map.height else { return SteadyRegions(new) }
    var common = PairSums()
    map.labels.withUnsafeBufferPointer { old in
      new.labels.withUnsafeBufferPointer { new in
        for place in 0..<old.count { common.add(1, to: Int(old[place]), Int(new[place])) }
      }
    }
    var taken = [RegionIdentity?](repeating: nil, count: new.count)
    var isTaken = [Bool](repeating: false, count: map.count)
    // Of pairs with equally many pixels in common, the smaller numbers first: sorted so already.
    let pairs = common.sorted()
    for index in pairs.indices.sorted(by: { (pairs[$1].sum, $0) < (pairs[$0].sum, $1) }) {
      let pair = pairs[index]
      guard !isTaken[pair.first], taken[pair.second] == nil else { continue }
      isTaken[pair.first] = true
      taken[pair.second] = identities[pair.first]
    }
    let origin = UUID()
    let found = taken.enumerated().map { number, identity in
      identity ?? RegionIdentity(origin: origin, number: number)
    }
    let there = Set(found)
    return SteadyRegions(
      map: new, identities: found, locked: locked.filter { there.contains($0.key) })
  }

  /// The region at a pixel, or nil outside of the drawing.
  public func identity(x: Int, y: Int) -> RegionIdentity? {
    guard (0..<map.width).contains(x), (0..<map.height).contains(y) else { return nil }
    return identities[Int(map.labels[y * map.width + x])]
  }

  /// Lets a region have that colour, whatever a model or a hint says; nil: no longer.
  ///
  /// Returns false, and does nothing, for a region that is not there any more.
  @discardableResult
  public mutating func lock(_ region: RegionIdentity, to color: RGB?) -> Bool {
    guard identities.contains(region) else { return false }
    locked[region] = color
    return true
  }

  /// Whether any region has a locked colour.
  public var hasLocks: Bool { !locked.isEmpty }

  /// The locked colours by the numbers of the map, to paint them.
  public var lockedColors: LockedColors {
    LockedColors(map: map, colors: identities.map { locked[$0] })
  }

  private init(map: RegionMap, identities: [RegionIdentity], locked: [RegionIdentity: RGB]) {
    self.map = map
    self.identities = identities
    self.locked = locked
  }
}
