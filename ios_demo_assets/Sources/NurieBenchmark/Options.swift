#if canImport(CoreML)
  import NurieCoreML

  /// What a benchmark measures, with the numbers of the on-device protocol as defaults.
  public struct BenchmarkOptions: Equatable, Sendable {
    /// Settings to measure, each apart.
    public var computeUnits: [ComputeUnits]
    /// Predictions before the first timed one.
    public var warmup: Int
    /// Timed predictions right after warming up.
    public var burst: Int
    /// Seconds of predictions for the sustained mode; 0 leaves it out.
    public var sustainedSeconds: Double

    /// Ten warm-ups, a hundred predictions, a minute, every setting.
    public init(
      computeUnits: [ComputeUnits] = ComputeUnits.allCases, warmup: Int = 10, burst: Int = 100,
      sustainedSeconds: Double = 60
    ) {
      self.computeUnits = computeUnits
      self.warmup = warmup
      self.burst = burst
      self.sustainedSeconds = sustainedSeconds
    }
  }
#endif
