import Foundation
import Testing

@testable import NurieKit
@testable import NurieReport

@Suite("A device report") struct ReportTests {
  struct Cases: Decodable { let report, own_gate: String }

  /// Numbers made up for the tests: no measurement.
  static func synthetic(samples: [Double] = [2, 1, 4, 3], p50: Double? = nil) throws -> DeviceReport
  {
    let sustained = try ReportRun.measured(
      [5, 6.5, 7], computeUnits: "all", mode: .sustained, warmup: 10, loadMS: ReportLoadTimes(),
      firstPredictMS: nil, endToEndMS: [], peakMemoryMB: nil, thermal: [.nominal, .fair], plan: nil,
      parity: [])
    var golden = GoldenParity()
    let paper = try Picture.paper(width: 7, height: 7, channels: .rgb)
    let nearly = try Picture(
      width: 7, height: 7, channels: .rgb, bytes: [UInt8](repeating: 253, count: 147))
    try golden.add("same", reference: paper, painted: paper)
    try golden.add("near", reference: paper, painted: nearly)
    let burst = try ReportRun.measured(
      samples, computeUnits: "all", mode: .burst, warmup: 10,
      loadMS: ReportLoadTimes(compile: 80.5, first: 40, cached: 9), firstPredictMS: 12,
      endToEndMS: [3, 5], peakMemoryMB: 81.25, thermal: [.nominal],
      plan: ReportPlan(ane: 40, gpu: 0, cpu: 2, fallbackOps: ["ios16.cast"]), parity: golden.rows)
    return DeviceReport(
      device: ReportDevice(
        model: "synthetic1,1", soc: "", os: "18.5", build: "22F76", ramMB: 6144),
      env: ReportEnvironment(
        lowPower: false, battery: 0.8, charging: false, qos: .userInitiated, buildConfig: .release),
      artifact: ReportArtifact(
        sha256: String(repeating: "cd", count: 32), format: .mlpackage, recipe: "fp16",
        bytes: 123456, checkpointSHA256: String(repeating: "ab", count: 32), tools: [:]),
      runs: [burst, sustained])
  }

  @Test("of Python's is read, and written again without a change") func golden() throws {
    let text = try Goldens.load(Cases.self, "reports").report
    let report = try DeviceReport(json: Data(text.utf8))
    #expect(report.device.model == "synthetic1,1" && abs(report.runs[0].p90 - 3.475) < 1e-12)
    #expect(report.runs[0].parity.map(\.psnrDB) == [nil, 51.5])
    #expect(try DeviceReport(json: try report.json()) == report)
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
    #expect(run.endToEndP50MS == 4)
  }

  @Test(
    "is refused with the path of the fault",
    arguments: [
      ("\"device-report/1\"", "\"device-report/2\"", "$.schema: expected device-report/1"),
      ("\"p50\": 2.0", "\"p50\": 2.5", "$.runs[0].p50: expected 2.0"),
      ("\"n\": 4", "\"n\": 5", "$.runs[0].n: expected 4"),
      ("\"cpuAndNeuralEngine\"", "\"ane\"", "$.runs[0].compute_units: expected one of all"),
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
    let empty = DeviceReport(
      device: good.device, env: good.env, artifact: good.artifact, runs: [])
    #expect(sentence { _ = try empty.json() }.contains("$.runs: expected one run"))
    let twice = DeviceReport(
      device: good.device, env: good.env, artifact: good.artifact,
      runs: [good.runs[0], good.runs[0]])
    #expect(sentence { _ = try twice.json() }.contains("was measured in $.runs[0] already"))
  }
}
