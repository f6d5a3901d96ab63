import NurieKit

/// One run of a report, as a line of the screen.
struct BenchmarkRow: Identifiable {
  let id: String
  let latency: String
  let parity: ParityVerdict

  /// Describes every run, away from the main actor: intervals of many samples take a while.
  nonisolated static func rows(
    of report: DeviceReport, gatePSNRDB gate: Double
  ) async throws(NurieError) -> [BenchmarkRow] {
    var rows: [BenchmarkRow] = []
    for run in report.runs { rows.append(try BenchmarkRow(run, gatePSNRDB: gate)) }
    return rows
  }

  /// Describes a run; gate: of the model, as the bundle's index names it.
  init(_ run: ReportRun, gatePSNRDB gate: Double) throws(NurieError) {
    let summary = try LatencySummary(samplesMS: run.samplesMS)
    id = "\(run.computeUnits), \(run.mode.rawValue)"
    latency =
      "p50 \(Self.rounded(summary.medianMS)) ms (95 %: \(Self.rounded(summary.interval.low)) to "
      + "\(Self.rounded(summary.interval.high))), p90 \(Self.rounded(summary.p90MS)) ms"
    parity = GoldenParity(rows: run.parity).verdict(gatePSNRDB: gate)
  }

  private static func rounded(_ milliseconds: Double) -> String {
    String((milliseconds * 100).rounded() / 100)
  }
}
