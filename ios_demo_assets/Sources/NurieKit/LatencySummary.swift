/// Samples of a time in one line: the median, how sure it is, and the slow end.
public struct LatencySummary: Equatable, Sendable {
  /// Middle sample.
  public let medianMS: Double
  /// 95 % bootstrap interval of the median.
  public let interval: Statistics.Interval
  /// Ninetieth percentile.
  public let p90MS: Double

  /// Summarises samples in milliseconds. Throws for none.
  public init(samplesMS: [Double]) throws(NurieError) {
    medianMS = try Statistics.median(samplesMS)
    interval = try Statistics.medianInterval(samplesMS, seed: 0)
    p90MS = try Statistics.percentile(samplesMS, 90)
  }
}
