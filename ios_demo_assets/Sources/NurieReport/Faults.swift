import Foundation

extension DeviceReport {
  // What writing a few decimals may change, as in benchmarks/devices/faults.py.
  private static let roundingMS = 1e-3
  private static let roundingShare = 1e-6
  private static let roundingDB = 0.01
  private static let units = ["all", "cpuOnly", "cpuAndGPU", "cpuAndNeuralEngine"]

  /// Everything that is wrong with this report, each fault as `$.path: sentence`; empty if it can
  /// be used. The rules are those of benchmarks/devices/faults.py.
  public var faults: [String] {
    var found = deviceFaults + artifactFaults + (version == 1 ? [] : laterFaults)
    if runs.isEmpty { found.append("$.runs: expected one run or more, received none") }
    var seen: [String: Int] = [:]
    for (number, run) in runs.enumerated() {
      let setting = "\(run.runtime) \(run.computeUnits) \(run.mode.rawValue)"
      if let first = seen[setting] {
        found.append("$.runs[\(number)]: \(setting) was measured in $.runs[\(first)] already")
      } else {
        seen[setting] = number
      }
      let path = "$.runs[\(number)]"
      found += Self.faults(of: run, at: path) + Self.statisticsFaults(of: run, at: path)
      for (place, row) in run.parity.enumerated() {
        found += Self.faults(of: row, at: "\(path).parity[\(place)]")
        if run.parity[..<place].contains(where: { $0.golden == row.golden }) {
          found.append("\(path).parity[\(place)].golden: \(row.golden) stands twice")
        }
      }
    }
    return found
  }

  private var deviceFaults: [String] {
    var found: [String] = []
    if device.model.isEmpty { found.append("$.device.model: expected some text, received none") }
    if device.os.isEmpty { found.append("$.device.os: expected some text, received none") }
    if let memory = device.ramMB, !(memory > 0 && memory.isFinite) {
      found.append("$.device.ram_mb: expected more than 0, received \(memory)")
    }
    for (name, charge) in [("battery", env.battery), ("battery_after", env.batteryAfter)] {
      if let charge, !(0...1).contains(charge) {
        found.append("$.env.\(name): expected 0 to 1, received \(charge)")
      }
    }
    return found
  }

  /// Of what version 1 does not say.
  private var laterFaults: [String] {
    var found: [String] = []
    if app?.name.isEmpty ?? true { found.append("$.app.name: expected some text, received none") }
    for (name, moment) in [("started", started), ("finished", finished)] {
      if let moment, (try? Date(moment, strategy: .iso8601)) == nil {
        found.append("$.\(name): expected a time as 2026-11-26T20:31:05Z, received \(moment)")
      }
    }
    for (name, size) in [("width", artifact.width), ("height", artifact.height)]
    where size ?? 0 < 1 {
      found.append(
        "$.artifact.\(name): expected 1 pixel or more, received \(size.map(String.init) ?? "none")")
    }
    let measured = Self.order(of: runs)
    if order != measured {
      found.append("$.order: expected \(measured), the order of the runs, received \(order ?? [])")
    }
    return found
  }

  private var artifactFaults: [String] {
    var found: [String] = []
    let hashes = [
      ("sha256", artifact.sha256), ("checkpoint_sha256", artifact.checkpointSHA256),
    ]
    let digits = Set("0123456789abcdef")
    for (name, hash) in hashes where hash.count != 64 || !hash.allSatisfy(digits.contains) {
      found.append(
        "$.artifact.\(name): expected 64 hexadecimal digits in lower case, received \"\(hash)\"")
    }
    if artifact.recipe.isEmpty {
      found.append("$.artifact.recipe: expected some text, received none")
    }
    if let gate = artifact.gateDB, !(gate > 0 && gate.isFinite) {
      found.append("$.artifact.gate_db: expected more than 0, received \(gate)")
    }
    if artifact.bytes < 1 {
      found.append("$.artifact.bytes: expected 1 or more, received \(artifact.bytes)")
    }
    if let spec = artifact.spec, spec < 1 {
      found.append("$.artifact.spec: expected 1 or more, received \(spec)")
    }
    return found
  }

  private static func faults(of run: ReportRun, at path: String) -> [String] {
    var found: [String] = []
    if run.runtime.isEmpty { found.append("\(path).runtime: expected some text, received none") }
    if !units.contains(run.computeUnits) {
      found.append(
        "\(path).compute_units: expected one of \(units.joined(separator: ", ")), received "
          + "\"\(run.computeUnits)\"")
    }
    if run.thermal.isEmpty {
      found.append("\(path).thermal: expected one item or more, received none")
    }
    if run.warmup < 0 { found.append("\(path).warmup: expected 0 or more, received \(run.warmup)") }
    let optional: [(String, Double?)] = [
      ("load_ms.compile", run.loadMS.compile), ("load_ms.first", run.loadMS.first),
      ("load_ms.cached", run.loadMS.cached), ("first_predict_ms", run.firstPredictMS),
      ("cool_down_s", run.coolDownSeconds), ("e2e_p50_ms", run.endToEndP50MS),
      ("baseline_mem_mb", run.baselineMemoryMB), ("peak_mem_mb", run.peakMemoryMB),
    ]
    for (name, value) in optional {
      if let value, !(value >= 0 && value.isFinite) {
        found.append("\(path).\(name): expected 0 or more, received \(value)")
      }
    }
    if let plan = run.plan, min(plan.ane, plan.gpu, plan.cpu) < 0 {
      found.append("\(path).plan: expected counts of 0 or more, received \(plan)")
    }
    if let cost = run.plan?.cost {
      for (name, share) in [("ane", cost.ane), ("gpu", cost.gpu), ("cpu", cost.cpu)]
      where !(0...1).contains(share) {
        found.append("\(path).plan.cost.\(name): expected 0 to 1, received \(share)")
      }
    }
    return found
  }

  private static func statisticsFaults(of run: ReportRun, at path: String) -> [String] {
    let (name, times, roundingShare): (String, [Double], Double)
    switch (run.samplesMS, run.histogram) {
    case (let samples?, nil):
      (name, times, roundingShare) = ("samples_ms", samples, Self.roundingShare)
    case (nil, let histogram?):
      guard histogram.isPossible else {
        return [
          "\(path).histogram: expected pairs of a bin and a count, one or more, of times above 0"
        ]
      }
      // What a bin is wide, percentiles may differ by.
      (name, times, roundingShare) = ("histogram", histogram.timesMS, histogram.ratio - 1)
    default:
      let received = run.histogram == nil ? "neither" : "both"
      return ["\(path): expected samples_ms or a histogram, received \(received)"]
    }
    guard !times.isEmpty, times.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      return ["\(path).\(name): expected one time or more, each above 0"]
    }
    var found: [String] = []
    if run.n != times.count {
      found.append(
        "\(path).n: expected \(times.count), the number of \(name), received \(run.n)")
    }
    for (share, received) in [(50, run.p50), (90, run.p90), (95, run.p95), (99, run.p99)] {
      // `try?` cannot hide anything here: the samples are finite, as checked above.
      guard let expected = try? Statistics.percentile(times, Double(share)) else {
        continue
      }
      let allowed = max(roundingMS, roundingShare * max(expected, abs(received)))
      if !(abs(expected - received) <= allowed) {
        found.append(
          "\(path).p\(share): expected \(expected), the \(share)th percentile of \(name), "
            + "received \(received)")
      }
    }
    return found
  }

  private static func faults(of row: ReportParity, at path: String) -> [String] {
    var found: [String] = []
    if row.golden.isEmpty { found.append("\(path).golden: expected some text, received none") }
    if row.nonfinite < 0 {
      found.append("\(path).nonfinite: expected 0 or more, received \(row.nonfinite)")
    }
    if !(0...255).contains(row.maxAbs) {
      found.append("\(path).max_abs: expected 0 to 255, received \(row.maxAbs)")
    }
    if !(-1...1).contains(row.ssim) {
      found.append("\(path).ssim: expected -1 to 1, received \(row.ssim)")
    }
    guard row.nonfinite == 0, found.isEmpty else { return found }
    switch row.psnrDB {
    case nil where row.maxAbs > 0:
      found.append(
        "\(path).psnr_db: null stands for identical pictures, but max_abs is \(row.maxAbs)")
    case let psnr? where row.maxAbs == 0:
      found.append("\(path).psnr_db: expected null, since max_abs is 0, received \(psnr)")
    // The mean of squares is never above the square of the largest.
    case let psnr? where !(psnr >= 20 * log10(255 / row.maxAbs) - roundingDB && psnr.isFinite):
      found.append(
        "\(path).psnr_db: expected \(20 * log10(255 / row.maxAbs)) or more, since no value differs "
          + "by more than \(row.maxAbs) levels, received \(psnr)")
    default:
      break
    }
    return found
  }
}
