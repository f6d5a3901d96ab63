import NurieKit

/// One runtime with one setting in one mode. Times are in milliseconds.
public struct ReportRun: Codable, Equatable, Sendable {
  /// How predictions follow each other.
  public enum Mode: String, Codable, Sendable {
    /// A hundred or so, right after warming up.
    case burst
    /// For a minute or longer: what is left when the device is warm.
    case sustained
    /// One a second, as people draw: an engine that fell asleep wakes for each.
    case idleGap = "idle-gap"
  }

  /// What a system says of its temperature.
  public enum ThermalState: String, Codable, Sendable {
    /// As it should be.
    case nominal
    /// Slightly elevated.
    case fair
    /// High: the system slows down.
    case serious
    /// The device must cool down.
    case critical
  }

  /// coreml or coreai.
  public let runtime: String
  /// As Core ML names them: see `ComputeUnits` of NurieCoreML.
  public let computeUnits: String
  /// Without a pause, one a second, or for a minute.
  public let mode: Mode
  /// Before the first prediction.
  public let loadMS: ReportLoadTimes
  /// The first prediction after loading.
  public let firstPredictMS: Double?
  /// Seconds waited before these compute units for the system to say nominal.
  public let coolDownSeconds: Double?
  /// Predictions before the first timed one.
  public let warmup: Int
  /// Number of timed predictions.
  public let n: Int
  /// Every timed prediction, in the order of time; nil: they stand in the histogram.
  public let samplesMS: [Double]?
  /// The predictions of a sustained run.
  public let histogram: ReportHistogram?
  /// Median of the timed predictions.
  public let p50: Double
  /// Ninetieth percentile.
  public let p90: Double
  /// Ninety-fifth percentile.
  public let p95: Double
  /// Ninety-ninth percentile.
  public let p99: Double
  /// Median from picture to picture, conversions included.
  public let endToEndP50MS: Double?
  /// Memory footprint of the app before it loaded the model.
  public let baselineMemoryMB: Double?
  /// Largest memory footprint of the app seen during the run.
  public let peakMemoryMB: Double?
  /// States of the system, first to last, repetitions left out.
  public let thermal: [ThermalState]
  /// Where the operations run, on systems that tell.
  public let plan: ReportPlan?
  /// The golden drawings with this setting.
  public let parity: [ReportParity]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case runtime
    case computeUnits = "compute_units"
    case mode
    case loadMS = "load_ms"
    case firstPredictMS = "first_predict_ms"
    case coolDownSeconds = "cool_down_s"
    case warmup
    case n
    case samplesMS = "samples_ms"
    case histogram
    case p50
    case p90
    case p95
    case p99
    case endToEndP50MS = "e2e_p50_ms"
    case baselineMemoryMB = "baseline_mem_mb"
    case peakMemoryMB = "peak_mem_mb"
    case thermal
    case plan
    case parity
  }

  /// What a setting costs and paints, whatever the mode.
  package struct Setting: Sendable {
    /// See `ReportRun.runtime`.
    package let runtime: String
    /// As Core ML names them.
    package let computeUnits: String
    /// See `ReportRun.coolDownSeconds`.
    package let coolDownSeconds: Double?
    /// See `ReportRun.loadMS`.
    package let loadMS: ReportLoadTimes
    /// See `ReportRun.firstPredictMS`.
    package let firstPredictMS: Double?
    /// See `ReportRun.warmup`.
    package let warmup: Int
    /// See `ReportRun.baselineMemoryMB`.
    package let baselineMemoryMB: Double?
    /// See `ReportRun.plan`.
    package let plan: ReportPlan?
    /// See `ReportRun.parity`.
    package let parity: [ReportParity]

    package init(
      runtime: String, computeUnits: String, coolDownSeconds: Double? = nil,
      loadMS: ReportLoadTimes,
      firstPredictMS: Double? = nil, warmup: Int, baselineMemoryMB: Double? = nil,
      plan: ReportPlan? = nil, parity: [ReportParity] = []
    ) {
      self.runtime = runtime
      self.computeUnits = computeUnits
      self.coolDownSeconds = coolDownSeconds
      self.loadMS = loadMS
      self.firstPredictMS = firstPredictMS
      self.warmup = warmup
      self.baselineMemoryMB = baselineMemoryMB
      self.plan = plan
      self.parity = parity
    }
  }

  /// A run with its percentiles counted from the times; a sustained one keeps them by the second.
  /// Throws for no time, and for one that is not above 0.
  package init(
    _ timesMS: [Double], of setting: Setting, mode: Mode, endToEndMS: [Double] = [],
    peakMemoryMB: Double? = nil, thermal: [ThermalState]
  ) throws(NurieError) {
    let isLong = mode == .sustained
    runtime = setting.runtime
    computeUnits = setting.computeUnits
    self.mode = mode
    loadMS = setting.loadMS
    firstPredictMS = setting.firstPredictMS
    coolDownSeconds = setting.coolDownSeconds
    warmup = setting.warmup
    n = timesMS.count
    samplesMS = isLong ? nil : timesMS
    histogram = isLong ? try ReportHistogram(timesMS) : nil
    p50 = try Statistics.percentile(timesMS, 50)
    p90 = try Statistics.percentile(timesMS, 90)
    p95 = try Statistics.percentile(timesMS, 95)
    p99 = try Statistics.percentile(timesMS, 99)
    endToEndP50MS = endToEndMS.isEmpty ? nil : try Statistics.percentile(endToEndMS, 50)
    baselineMemoryMB = setting.baselineMemoryMB
    self.peakMemoryMB = peakMemoryMB
    self.thermal = thermal
    plan = setting.plan
    parity = setting.parity
  }
}
