/// What NumPy's `percentile` says of levels that are counted.
enum Percentile {
  /// The level below which that share of all lie, between two levels where need be.
  ///
  /// counts: how many have each level. share: in [0, 1]. Precondition: something is counted.
  static func of(_ counts: some Collection<Int>, share: Double) -> Double {
    let total = counts.reduce(0, +)
    let place = share * Double(total - 1)
    let below = Int(place.rounded(.down))
    let low = level(counts, at: below)
    let high = level(counts, at: min(below + 1, total - 1))
    let part = place - Double(below)
    // As NumPy: from whichever is nearer, so that the ends are exact.
    return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part)
  }

  /// The level of the pixel that is number `place` when all are sorted.
  private static func level(_ counts: some Collection<Int>, at place: Int) -> Double {
    var seen = 0
    for (level, count) in counts.enumerated() {
      seen += count
      if seen > place { return Double(level) }
    }
    return Double(counts.count - 1)
  }
}
