/// Percentiles and bootstrap intervals, number for number as Python computes them.
public enum Statistics {
  /// A range that holds a statistic.
  public struct Interval: Equatable, Sendable {
    /// Lower end.
    public let low: Double
    /// Upper end.
    public let high: Double
  }

  /// NumPy's linear percentile. share: 0 to 100. Throws for no samples, or one that is no number.
  public static func percentile(_ samples: [Double], _ share: Double) throws(NurieError) -> Double {
    guard !samples.isEmpty, samples.allSatisfy(\.isFinite), (0...100).contains(share) else {
      throw .statistics(
        "Expected one finite sample or more and a share of 0 to 100, received \(samples.count) "
          + "samples and \(share).")
    }
    return percentile(sorted: samples.sorted(), share)
  }

  /// The middle sample, or the mean of both middle ones. Throws as `percentile` does.
  public static func median(_ samples: [Double]) throws(NurieError) -> Double {
    guard !samples.isEmpty, samples.allSatisfy(\.isFinite) else {
      throw .statistics("Expected one finite sample or more, received \(samples.count).")
    }
    return median(sorted: samples.sorted())
  }

  /// The 95 % interval of the median: of `resamples` draws with replacement, each one's median, the
  /// 2.5th and the 97.5th percentile. Throws as `percentile` does.
  public static func medianInterval(
    _ samples: [Double], seed: UInt64, resamples: Int = 1000
  ) throws(NurieError) -> Interval {
    guard !samples.isEmpty, samples.allSatisfy(\.isFinite), resamples > 0 else {
      throw .statistics(
        "Expected one finite sample or more and one resample or more, received \(samples.count) "
          + "and \(resamples).")
    }
    // A minute of predictions is tens of thousands of samples, too many to sort a thousand times: each
    // resample counts how often it drew each sample, in order of size, and walks to the middle.
    let order = samples.indices.sorted { samples[$0] < samples[$1] }
    let sorted = order.map { samples[$0] }
    var ranks = [Int](repeating: 0, count: samples.count)
    for (rank, place) in order.enumerated() { ranks[place] = rank }
    var random = SplitMix64(seed: seed)
    var medians: [Double] = []
    medians.reserveCapacity(resamples)
    for _ in 0..<resamples {
      var counts = [Int32](repeating: 0, count: samples.count)
      for _ in samples.indices { counts[ranks[random.index(below: samples.count)]] += 1 }
      medians.append(median(of: sorted, drawn: counts))
    }
    medians.sort()
    return Interval(low: percentile(sorted: medians, 2.5), high: percentile(sorted: medians, 97.5))
  }

  /// The median of sorted samples of which each was drawn `drawn` times, as often together as there
  /// are samples.
  private static func median(of sorted: [Double], drawn: [Int32]) -> Double {
    let (lower, upper) = ((sorted.count - 1) / 2, sorted.count / 2)
    var (passed, rank) = (Int(drawn[0]), 0)
    while passed <= lower {
      rank += 1
      passed += Int(drawn[rank])
    }
    let low = sorted[rank]
    while passed <= upper {
      rank += 1
      passed += Int(drawn[rank])
    }
    return lower == upper ? low : (low + sorted[rank]) / 2
  }

  private static func percentile(sorted: [Double], _ share: Double) -> Double {
    let place = share / 100 * Double(sorted.count - 1)
    let below = Int(place.rounded(.down))
    let (low, high) = (sorted[below], sorted[min(below + 1, sorted.count - 1)])
    let part = place - Double(below)
    // NumPy measures from the nearer end, so that no sample is overshot.
    return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part)
  }

  private static func median(sorted: [Double]) -> Double {
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
