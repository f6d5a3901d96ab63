import Foundation
import Testing

@testable import NurieKit
@testable import NurieReport

@Suite("A device report") struct ReportTests {
  struct Cases: Decodable { let report, own_gate, version_1: String }

  /// Numbers made up for the tests: no measurement.
  static func synthetic(samples: [Double] = [2, 1, 4, 3]) throws -> DeviceReport {
    var golden = GoldenParity()
    let paper = try Picture.paper(width: 7, height: 7, channels: .rgb)
    let nearly = try Picture(
      width: 7, height: 7, channels: .rgb, bytes: [UInt8](repeating: 253, count: 147))
    try golden.add("same", reference: paper, painted: paper)
    try golden.add("near", reference: paper, painted: nearly)
    let setting = ReportRun.Setting(
      runtime: "coreml", computeUnits: "all", coolDownSeconds: 12.5,
      loadMS: ReportLoadTimes(compile: 80.5, first: 40, cached: 9), firstPredictMS: 12,
      warmup: 10, baselineMemoryMB: 50.5,
      plan: ReportPlan(
        ane: 40, gpu: 0, cpu: 2, fallbackOps: ["ios16.cast"],
        cost: ReportCost(ane: 0.75, gpu: 0, cpu: 0.25)), parity: golden.rows)
    // 2 s of predictions, slower in the second one.
    let minute = [Double](repeating: 5, count: 199) + [Double](repeating: 6.5, count: 160)
    return DeviceReport(
      started: Date(timeIntervalSince1970: 1_795_725_065), finished: nil,
      app: ReportApp(name: "tests", version: "1.0", build: "7"),
      device: ReportDevice(
        model: "synthetic1,1", soc: "", os: "18.5", build: "22F76", ramMB: 6144),
      env: ReportEnvironment(
        lowPower: false, battery: 0.8, batteryAfter: 0.7, charging: false, qos: .userInitiated,
        buildConfig: .release),
      artifact: ReportArtifact(
        sha256: String(repeating: "cd", count: 32), format: .mlpackage, recipe: "fp16", width: 64,
        height: 48, bytes: 123456, checkpointSHA256: String(repeating: "ab", count: 32),
        tools: [:]),
      runs: [
        try ReportRun(
          samples, of: setting, mode: .burst, endToEndMS: [3, 5], peakMemoryMB: 81.25,
          thermal: [.nominal]),
        try ReportRun(samples, of: setting, mode: .idleGap, thermal: [.nominal]),
        try ReportRun(minute, of: setting, mode: .sustained, thermal: [.nominal, .fair]),
      ])
  }

  @Test(
    "names what kind of file a manifest's model is",
    arguments: [
      ("coreml", "mlpackage"), ("tflite", "tflite"), ("onnx", "onnx"), ("coreai", "aimodel"),
    ]) func formats(_ format: String, _ expected: String) throws
  {
    let text = try Goldens.load(ManifestTests.Cases.self, "manifests").image
    let manifest = try ModelManifest(
      json: Data(
        text.replacingOccurrences(
          of: "\"format\": \"coreml\"", with: "\"format\": \"\(format)\""
        ).utf8),
      name: "demo.json")
    #expect(manifest.format.rawValue == format)
    #expect(ReportArtifact(manifest).format.rawValue == expected)
  }

  @Test("of Python's is read, and written again without a change") func golden() throws {
    let text = try Goldens.load(Cases.self, "reports").report
    let report = try DeviceReport(json: Data(text.utf8))
    #expect(report.version == 2 && report.order == ["cpuAndNeuralEngine"])
    #expect(report.app?.build == "7" && report.env.batteryAfter == 0.75)
    #expect(report.artifact.width == 64 && report.artifact.height == 48)
    #expect(report.device.model == "synthetic1,1" && abs(report.runs[0].p90 - 3.475) < 1e-12)
    #expect(report.runs[0].parity.map(\.psnrDB) == [nil, 51.5])
    #expect(report.runs.map(\.mode) == [.burst, .idleGap, .sustained])
    #expect(report.runs[0].plan?.cost?.ane == 0.96875 && report.runs[0].coolDownSeconds == 12.5)
    #expect(report.runs[2].samplesMS == nil && report.runs[2].histogram?.count == 701)
    #expect(try DeviceReport(json: try report.json()) == report)
  }

  @Test("of version 1 is read still, and stays one") func version1() throws {
    let text = try Goldens.load(Cases.self, "reports").version_1
    let report = try DeviceReport(json: Data(text.utf8))
    #expect(report.version == 1 && report.app == nil && report.order == nil)
    #expect(report.runs[0].samplesMS == [1.5, 2.25, 1.75, 4])
    #expect(String(decoding: try report.json(), as: UTF8.self).contains("\"device-report/1\""))
    #expect(try DeviceReport(json: try report.json()) == report)
  }

  @Test("of a later Nurie within the version is read: what it adds is ignored") func added() throws
  {
    let text = try Goldens.load(Cases.self, "reports").report
    let more = text.replacingOccurrences(of: "\"mode\":", with: "\"added\": [1], \"mode\":")
    #expect(try DeviceReport(json: Data(more.utf8)) == DeviceReport(json: Data(text.utf8)))
  }

  @Test("names the gate of a model that was made to reach one, and only then") func gate() throws {
    let cases = try Goldens.load(Cases.self, "reports")
    let own = try DeviceReport(json: Data(cases.own_gate.utf8))
    #expect(own.artifact.recipe == "auto" && own.artifact.gateDB == 35.5)
    #expect(try DeviceReport(json: try own.json()) == own)
    let other = try DeviceReport(json: Data(cases.report.utf8))
    #expect(other.artifact.gateDB == nil)
    #expect(!String(decoding: try other.json(), as: UTF8.self).contains("gate_db"))
  }

  @Test("makes the round trip, and goes to Python where a path is given") func roundTrip() throws {
    let report = try Self.synthetic()
    let json = try report.json()
    #expect(try DeviceReport(json: json) == report)
    // tests/ios_demo_assets/test_package.py names the path and validates what stands there.
    if let path = ProcessInfo.processInfo.environment["NURIE_REPORT_OUT"] {
      try json.write(to: URL(fileURLWithPath: path))
    }
  }

  @Test("counts percentiles from its samples") func percentiles() throws {
    let run = try Self.synthetic().runs[0]
    #expect(run.n == 4 && run.p50 == 2.5 && abs(run.p90 - 3.7) < 1e-12)
    #expect(run.endToEndP50MS == 4 && run.samplesMS == [2, 1, 4, 3])
  }

  @Test("counts the times of a sustained run by the second") func seconds() throws {
    let run = try Self.synthetic().runs[2]
    let histogram = try #require(run.histogram)
    // 199 x 5 ms and the next that ends after a second; log 1.3 / log 1.02 is 13.2.
    #expect(histogram.leastMS == 5 && histogram.seconds[0] == [[0, 199]])
    #expect(histogram.seconds[1] == [[13, 154]] && histogram.seconds[2] == [[13, 6]])
    #expect(run.n == 359 && histogram.count == 359 && run.samplesMS == nil && run.p50 == 5)
    for (time, binned) in zip([5.0, 6.5], [histogram.timesMS[0], histogram.timesMS[358]]) {
      #expect(abs(log(binned / time)) <= log(1.02))
    }
    #expect(sentence { _ = try ReportHistogram([]) }.contains("received 0 times"))
    #expect(sentence { _ = try ReportHistogram([1, 0]) }.contains("each above 0"))
  }

  @Test(
    "is refused with the path of the fault",
    arguments: [
      (
        "\"device-report/2\"", "\"device-report/3\"",
        "$.schema: expected device-report/2, received device-report/3, which a newer Nurie wrote"
      ),
      ("\"width\": 64", "\"width\": 0", "$.artifact.width: expected 1 pixel or more, received 0"),
      ("2026-11-26T20:31:05Z", "today", "$.started: expected a time as 2026-11-26T20:31:05Z"),
      ("\"app\"", "\"apps\"", "$.app.name: expected some text, received none"),
      ("\"order\": [\n    \"cpuAnd", "\"order\": [\n    \"cpuOr", "$.order: expected [\"cpuAndNeu"),
      ("\"ane\": 0.96875", "\"ane\": 97", "$.runs[0].plan.cost.ane: expected 0 to 1"),
      ("\"n\": 701", "\"n\": 700", "$.runs[2].n: expected 701, the number of histogram"),
      ("\"ratio\": 1.1", "\"ratio\": 1", "$.runs[2].histogram: expected pairs of a bin"),
      ("300\n", "30000000\n", "$.runs[2].histogram: expected pairs of a bin"),
      (
        "\"histogram\"", "\"histo\"",
        "$.runs[2]: expected samples_ms or a histogram, received neither"
      ),
      ("\"p50\": 2.0", "\"p50\": 2.5", "$.runs[0].p50: expected 2.0"),
      ("\"n\": 4", "\"n\": 5", "$.runs[0].n: expected 4"),
      (
        "\"compute_units\": \"cpuAndNeuralEngine\"", "\"compute_units\": \"ane\"",
        "$.runs[0].compute_units: expected one of all"
      ),
      ("\"psnr_db\": null", "\"psnr_db\": 80", "$.runs[0].parity[0].psnr_db: expected null"),
      ("\"psnr_db\": 51.5", "\"psnr_db\": 20", "$.runs[0].parity[1].psnr_db: expected 42.1"),
      (
        "\"golden\": \"fish\"", "\"golden\": \"cat\"",
        "$.runs[0].parity[1].golden: cat stands twice"
      ),
      ("\"warmup\"", "\"warm_up\"", "the field warmup is missing"),
      ("\"battery\": 0.8", "\"battery\": 80", "$.env.battery: expected 0 to 1, received 80"),
      ("\"sha256\": \"cdcd", "\"sha256\": \"CDcd", "$.artifact.sha256: expected 64 hexadecimal"),
      ("\"fair\"", "\"hot\"", "$.runs[0].thermal[1]"),
      ("1.5,", "0,", "$.runs[0].samples_ms"),
    ]) func faults(_ old: String, _ new: String, _ expected: String) throws
  {
    let text = try Goldens.load(Cases.self, "reports").report
    let range = try #require(text.range(of: old), "\(old)")
    let json = Data(text.replacingCharacters(in: range, with: new).utf8)
    let said = sentence { _ = try DeviceReport(json: json) }
    #expect(said.contains(expected), "\(said)")
  }

  @Test("with faults is not written") func refused() throws {
    let good = try Self.synthetic()
    func report(_ runs: [ReportRun]) throws -> DeviceReport {
      DeviceReport(
        app: try #require(good.app), device: good.device, env: good.env, artifact: good.artifact,
        runs: runs)
    }
    let (empty, twice) = (try report([]), try report([good.runs[0], good.runs[0]]))
    #expect(sentence { _ = try empty.json() }.contains("$.runs: expected one run"))
    #expect(sentence { _ = try twice.json() }.contains("was measured in $.runs[0] already"))
  }
}
