import NurieReport

/// One run of a report, as a line of the screen.
struct BenchmarkRow: Identifiable {
  let id: String
  let latency: String
  let parity: ParityVerdict

  /// Describes a run; gate: of the model, as the bundle's index names it.
  init(_ run: ReportRun, gatePSNRDB gate: Double) {
    id = "\(run.computeUnits), \(run.mode.rawValue)"
    latency = "p50 \(Self.rounded(run.p50)) ms, p90 \(Self.rounded(run.p90)) ms"
    parity = GoldenParity(rows: run.parity).verdict(gatePSNRDB: gate)
  }

  private static func rounded(_ milliseconds: Double) -> String {
    String((milliseconds * 100).rounded() / 100)
  }
}
