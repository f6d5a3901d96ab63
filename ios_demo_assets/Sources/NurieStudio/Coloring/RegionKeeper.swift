import NurieKit

/// The regions of a drawing that changes, and which of them are locked.
///
/// While lines are added, regions are followed by what they have in common, as `SteadyRegions` does
/// it: the larger part of one that is split keeps its lock. After an undo, and from a file, a lock's
/// pixel says which region it is; of the drawing that it was anchored in, that is exact.
struct RegionKeeper: Sendable {
  /// A drawing's regions at one moment.
  struct Kept: Sendable {
    let lines: Artwork.Lines
    /// With the locked colours.
    let regions: SteadyRegions
    /// The locks, each at a pixel of its region; those of regions that are gone are gone.
    let locks: [RegionLock]
    /// The locks as the drawing had them.
    fileprivate let given: [RegionLock]

    /// How many of a drawing's locks are those that are kept; nil: not even the first ones.
    fileprivate func known(of locks: [RegionLock]) -> Int? {
      if locks.starts(with: given) { return given.count }
      return locks.starts(with: self.locks) ? self.locks.count : nil
    }
  }

  private(set) var kept: Kept?

  /// The regions that are kept, if they are of these lines.
  func map(of lines: Artwork.Lines) -> RegionMap? {
    kept?.lines == lines ? kept?.regions.map : nil
  }

  /// Follows a drawing to another state. map: of its regions now.
  mutating func keep(_ artwork: Artwork, map: RegionMap) -> Kept {
    let new: Kept
    if let kept, !artwork.isAnchored, let known = kept.known(of: artwork.locks) {
      guard kept.lines != artwork.lines || known != artwork.locks.count else { return kept }
      new = Self.followed(artwork, from: kept, known: known, map: map)
    } else {
      new = Self.anchored(artwork, map: map)
    }
    kept = new
    return new
  }

  /// The regions after lines were added or taken away. known: of the locks, those that are followed;
  /// the others were made since, among the lines as they are.
  private static func followed(
    _ artwork: Artwork, from kept: Kept, known: Int, map: RegionMap
  ) -> Kept {
    var regions = kept.locks.isEmpty ? SteadyRegions(map) : kept.regions.changed(to: map)
    let locks =
      anchored(kept.locks, of: kept.regions, in: regions) + artwork.locks.dropFirst(known)
    let holding = lock(locks, in: &regions)
    return Kept(lines: artwork.lines, regions: regions, locks: holding, given: artwork.locks)
  }

  private static func anchored(_ artwork: Artwork, map: RegionMap) -> Kept {
    var regions = SteadyRegions(map)
    let locks = lock(artwork.locks, in: &regions)
    return Kept(lines: artwork.lines, regions: regions, locks: locks, given: artwork.locks)
  }

  /// Locks the region that each lock's pixel lies in. Returns those that hold: of two of one region
  /// the later.
  private static func lock(
    _ locks: [RegionLock], in regions: inout SteadyRegions
  ) -> [RegionLock] {
    var last: [RegionIdentity: Int] = [:]
    for (number, lock) in locks.enumerated() {
      guard let region = regions.identity(x: lock.x, y: lock.y) else { continue }
      last[region] = number
      regions.lock(region, to: lock.color)
    }
    let holding = Set(last.values)
    return locks.indices.filter { holding.contains($0) }.map { locks[$0] }
  }

  /// The locks of regions that are there still, moved where their pixel is not in them any more.
  private static func anchored(
    _ locks: [RegionLock], of former: SteadyRegions, in regions: SteadyRegions
  ) -> [RegionLock] {
    var moved: Set<RegionIdentity> = []
    let pairs = locks.compactMap { lock -> (RegionLock, RegionIdentity)? in
      guard let region = former.identity(x: lock.x, y: lock.y), regions.locked[region] != nil
      else { return nil }
      if regions.identity(x: lock.x, y: lock.y) != region { moved.insert(region) }
      return (lock, region)
    }
    let places = moved.isEmpty ? [:] : regions.places(of: moved)
    return pairs.map { lock, region in
      guard moved.contains(region), let place = places[region] else { return lock }
      return RegionLock(x: place.x, y: place.y, color: lock.color)
    }
  }
}

extension SteadyRegions {
  /// A pixel well inside of each of these regions: the middle of its longest run in a row.
  fileprivate func places(
    of wanted: Set<RegionIdentity>
  ) -> [RegionIdentity: (x: Int, y: Int)] {
    let isWanted = identities.map { wanted.contains($0) }
    var longest = [Int](repeating: 0, count: map.count)
    var places: [RegionIdentity: (x: Int, y: Int)] = [:]
    map.labels.withUnsafeBufferPointer { labels in
      for y in 0..<map.height {
        var x = 0
        while x < map.width {
          let (label, begin) = (Int(labels[y * map.width + x]), x)
          repeat { x += 1 } while x < map.width && Int(labels[y * map.width + x]) == label
          if isWanted[label], x - begin > longest[label] {
            longest[label] = x - begin
            places[identities[label]] = ((begin + x) / 2, y)
          }
        }
      }
    }
    return places
  }
}
