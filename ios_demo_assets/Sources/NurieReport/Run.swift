/// One runtime with one setting in one mode. Times are in milliseconds.
public struct ReportRun: Codable, Equatable, Sendable {
  /// How predictions follow each other.
  public enum Mode: String, Codable, Sendable {
    /// A hundred or so, right after warming up.
    case burst
    /// For a minute or longer: what is left when the device is warm.
    case sustained
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

  /// coreml.
  public let runtime: String
  /// As Core ML names them: see `ComputeUnits` of NurieCoreML.
  public let computeUnits: String
  /// Burst or sustained.
  public let mode: Mode
  /// Before the first prediction.
  public let loadMS: ReportLoadTimes
  /// The first prediction after loading.
  public let firstPredictMS: Double?
  /// Predictions before the first timed one.
  public let warmup: Int
  /// Number of samples.
  public let n: Int
  /// Every timed prediction, in the order of time.
  public let samplesMS: [Double]
  /// Median of the samples.
  public let p50: Double
  /// Ninetieth percentile.
  public let p90: Double
  /// Ninety-fifth percentile.
  public let p95: Double
  /// Ninety-ninth percentile.
  public let p99: Double
  /// Median from picture to picture, conversions included.
  public let endToEndP50MS: Double?
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
    case warmup
    case n
    case samplesMS = "samples_ms"
    case p50
    case p90
    case p95
    case p99
    case endToEndP50MS = "e2e_p50_ms"
    case peakMemoryMB = "peak_mem_mb"
    case thermal
    case plan
    case parity
  }

  /// Takes the values as they are; `DeviceReport.faults` finds what is wrong with them.
  public init(
    runtime: String, computeUnits: String, mode: Mode, loadMS: ReportLoadTimes,
    firstPredictMS: Double? = nil, warmup: Int, n: Int, samplesMS: [Double], p50: Double,
    p90: Double, p95: Double, p99: Double, endToEndP50MS: Double? = nil,
    peakMemoryMB: Double? = nil, thermal: [ThermalState], plan: ReportPlan? = nil,
    parity: [ReportParity]
  ) {
    self.runtime = runtime
    self.computeUnits = computeUnits
    self.mode = mode
    self.loadMS = loadMS
    self.firstPredictMS = firstPredictMS
    self.warmup = warmup
    self.n = n
    self.samplesMS = samplesMS
    self.p50 = p50
    self.p90 = p90
    self.p95 = p95
    self.p99 = p99
    self.endToEndP50MS = endToEndP50MS
    self.peakMemoryMB = peakMemoryMB
    self.thermal = thermal
    self.plan = plan
    self.parity = parity
  }
}
