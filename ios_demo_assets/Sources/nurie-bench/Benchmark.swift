#if canImport(CoreML)
  import Foundation
  import NurieBenchmark
  import NurieCoreML
  import NurieKit
  import NurieReport

  /// One measurement from the command line, with the code that the demo app runs.
  struct Benchmark {
    private let arguments: Arguments
    private let bundle: ModelBundle
    private let model: BundledModel
    private let units: [ComputeUnits]
    private let output: URL

    /// Refuses what cannot be measured, before measuring.
    init(_ arguments: Arguments) throws {
      self.arguments = arguments
      bundle = try ModelBundle(contentsOf: URL(fileURLWithPath: arguments.bundle))
      model = try Self.model(named: arguments.model, of: bundle)
      units = try arguments.units.map { name in
        guard let units = ComputeUnits(rawValue: name) else {
          let known = ComputeUnits.allCases.map(\.rawValue).joined(separator: ", ")
          throw Arguments.Refusal(sentence: "--units: expected \(known), received \(name).")
        }
        return units
      }
      output = URL(fileURLWithPath: arguments.output ?? "\(model.artifact).report.json")
      if !arguments.overwrite, FileManager.default.fileExists(atPath: output.path) {
        throw Arguments.Refusal(
          sentence: "\(output.path) already exists. Name another --output, or pass --overwrite.")
      }
    }

    /// Measures, writes the report, prints a line a run. Returns whether parity holds.
    func run() async throws -> Bool {
      let options = BenchmarkOptions(
        computeUnits: units.isEmpty ? ComputeUnits.allCases : units,
        coolDownSeconds: arguments.coolDownSeconds, idleGaps: arguments.idleGaps,
        sustainedSeconds: arguments.sustainedSeconds)
      let runner = BenchmarkRunner(
        model, of: bundle, options: options, cache: try CompiledModelCache())
      // Foundation does not tell the charge of a Mac.
      let report = try await runner.report(
        battery: nil, charging: nil, batteryAfter: { nil },
        progress: { step in FileHandle.standardError.write(Data("\(step.sentence)\n".utf8)) })
      try report.json().write(to: output, options: .atomic)
      var passed = true
      for run in report.runs {
        let verdict = GoldenParity(rows: run.parity).verdict(gatePSNRDB: model.gatePSNRDB)
        passed = passed && verdict.passed
        print(
          "\(run.computeUnits) \(run.mode.rawValue): p50 \(rounded(run.p50)) ms, "
            + "p90 \(rounded(run.p90)) ms; \(verdict.sentence)")
      }
      print(output.path)
      return passed
    }

    /// The model of that name, or the bundle's first where none is named.
    private static func model(
      named name: String?, of bundle: ModelBundle
    ) throws(Arguments.Refusal) -> BundledModel {
      let candidates = bundle.models.filter { name == nil || $0.artifact == name }
      guard let model = candidates.first else {
        throw Arguments.Refusal(
          sentence: "--model: expected one of \(bundle.models.map(\.artifact)), received "
            + "\(name ?? "none").")
      }
      return model
    }

    private func rounded(_ milliseconds: Double) -> String {
      String((milliseconds * 1000).rounded() / 1000)
    }
  }
#endif
