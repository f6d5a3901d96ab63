import NurieKit

/// Percentiles, number for number as Python computes them.
public enum Statistics {
  /// NumPy's linear percentile. share: 0 to 100. Throws for no samples, or one that is no number.
  public static func percentile(_ samples: [Double], _ share: Double) throws(NurieError) -> Double {
    guard !samples.isEmpty, samples.allSatisfy(\.isFinite), (0...100).contains(share) else {
      throw .statistics(
        "Expected one finite sample or more and a share of 0 to 100, received \(samples.count) "
          + "samples and \(share).")
    }
    let sorted = samples.sorted()
    let place = share / 100 * Double(sorted.count - 1)
    let below = Int(place.rounded(.down))
    let (low, high) = (sorted[below], sorted[min(below + 1, sorted.count - 1)])
    let part = place - Double(below)
    // NumPy measures from the nearer end, so that no sample is overshot.
    return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part)
  }
}
