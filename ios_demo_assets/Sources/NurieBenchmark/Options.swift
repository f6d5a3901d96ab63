#if canImport(CoreML)
  import NurieCoreML

  /// What a benchmark measures, with the numbers of the on-device protocol as defaults.
  public struct BenchmarkOptions: Equatable, Sendable {
    /// Settings to measure, each apart.
    public var computeUnits: [ComputeUnits]
    /// How far their order is turned: over many reports none is always the first, on a cold device.
    public var rotation: Int
    /// Seconds to wait at most for the system to cool down to nominal, before each setting.
    public var coolDownSeconds: Double
    /// Predictions before the first timed one.
    public var warmup: Int
    /// Timed predictions right after warming up.
    public var burst: Int
    /// Predictions a second apart; 0 leaves them out.
    public var idleGaps: Int
    /// Seconds of predictions for the sustained mode; 0 leaves it out.
    public var sustainedSeconds: Double

    /// Every setting from a random one on: ten warm-ups, a hundred predictions, thirty a second
    /// apart, a minute without a pause.
    public init(
      computeUnits: [ComputeUnits] = ComputeUnits.allCases, rotation: Int = .random(in: 0..<12),
      coolDownSeconds: Double = 300, warmup: Int = 10, burst: Int = 100, idleGaps: Int = 30,
      sustainedSeconds: Double = 60
    ) {
      self.computeUnits = computeUnits
      self.rotation = rotation
      self.coolDownSeconds = coolDownSeconds
      self.warmup = warmup
      self.burst = burst
      self.idleGaps = idleGaps
      self.sustainedSeconds = sustainedSeconds
    }

    /// The settings as they are measured, one after the other.
    public var order: [ComputeUnits] {
      guard !computeUnits.isEmpty else { return [] }
      let first = rotation % computeUnits.count
      let turned = first < 0 ? first + computeUnits.count : first
      return Array(computeUnits[turned...] + computeUnits[..<turned])
    }
  }
#endif
