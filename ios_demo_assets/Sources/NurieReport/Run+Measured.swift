import NurieKit

extension ReportRun {
  /// A run with its percentiles counted from the samples. Throws if there is none.
  public static func measured(
    _ samplesMS: [Double], computeUnits: String, mode: Mode, warmup: Int,
    loadMS: ReportLoadTimes, firstPredictMS: Double?, endToEndMS: [Double],
    peakMemoryMB: Double?, thermal: [ThermalState], plan: ReportPlan?, parity: [ReportParity]
  ) throws(NurieError) -> ReportRun {
    ReportRun(
      runtime: "coreml", computeUnits: computeUnits, mode: mode, loadMS: loadMS,
      firstPredictMS: firstPredictMS, warmup: warmup, n: samplesMS.count, samplesMS: samplesMS,
      p50: try Statistics.percentile(samplesMS, 50), p90: try Statistics.percentile(samplesMS, 90),
      p95: try Statistics.percentile(samplesMS, 95), p99: try Statistics.percentile(samplesMS, 99),
      endToEndP50MS: endToEndMS.isEmpty ? nil : try Statistics.percentile(endToEndMS, 50),
      peakMemoryMB: peakMemoryMB, thermal: thermal, plan: plan, parity: parity)
  }
}
