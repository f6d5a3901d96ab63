import Foundation
import NurieKit

/// What one exported model did on one device: `device-report/2`, which Python validates and
/// compares.
///
/// The fields are those of benchmarks/devices/schemas/device-report-2.schema.json. Reports of
/// version 1 are read as well: what they do not say is nil.
public struct DeviceReport: Codable, Equatable, Sendable {
  private static let name = "device-report/"

  /// 2, or 1 where such a report was read.
  public let version: Int
  /// When measuring began, as 2026-11-26T20:31:05Z.
  public let started: String?
  /// When it was done.
  public let finished: String?
  /// What measured.
  public let app: ReportApp?
  /// The machine.
  public let device: ReportDevice
  /// What else decides how fast it is.
  public let env: ReportEnvironment
  /// The model.
  public let artifact: ReportArtifact
  /// Compute units as they were measured, one after the other.
  public let order: [String]?
  /// Every setting in every mode.
  public let runs: [ReportRun]

  enum CodingKeys: String, CodingKey {
    case schema, started, finished, app, device, env, artifact, order, runs
  }

  /// Takes the values as they are, in the order of the runs; `faults` finds what is wrong with them.
  package init(
    started: Date? = nil, finished: Date? = nil, app: ReportApp, device: ReportDevice,
    env: ReportEnvironment, artifact: ReportArtifact, runs: [ReportRun]
  ) {
    version = 2
    self.started = started?.formatted(.iso8601)
    self.finished = finished?.formatted(.iso8601)
    self.app = app
    order = Self.order(of: runs)
    self.device = device
    self.env = env
    self.artifact = artifact
    self.runs = runs
  }

  /// Reads a report of a version that is known. Fields that are not known are ignored.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let schema = try fields.decodeIfPresent(String.self, forKey: .schema)
    if schema == Self.name + "1" {
      version = 1
    } else {
      try StrictKeys.require(
        version: Self.name + "2", received: schema, at: .schema, in: fields)
      version = 2
    }
    started = try fields.decodeIfPresent(String.self, forKey: .started)
    finished = try fields.decodeIfPresent(String.self, forKey: .finished)
    app = try fields.decodeIfPresent(ReportApp.self, forKey: .app)
    device = try fields.decode(ReportDevice.self, forKey: .device)
    env = try fields.decode(ReportEnvironment.self, forKey: .env)
    artifact = try fields.decode(ReportArtifact.self, forKey: .artifact)
    order = try fields.decodeIfPresent([String].self, forKey: .order)
    runs = try fields.decode([ReportRun].self, forKey: .runs)
  }

  /// Reads a report from JSON. Throws a sentence with the path of what is wrong.
  public init(json: Data) throws(NurieError) {
    do {
      self = try JSONDecoder().decode(DeviceReport.self, from: json)
    } catch {
      throw .report("This is no device report. \(StrictKeys.sentence(of: error)).")
    }
    try requireFaultless()
  }

  /// Writes the version and every field.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode("\(Self.name)\(version)", forKey: .schema)
    try fields.encodeIfPresent(started, forKey: .started)
    try fields.encodeIfPresent(finished, forKey: .finished)
    try fields.encodeIfPresent(app, forKey: .app)
    try fields.encode(device, forKey: .device)
    try fields.encode(env, forKey: .env)
    try fields.encode(artifact, forKey: .artifact)
    try fields.encodeIfPresent(order, forKey: .order)
    try fields.encode(runs, forKey: .runs)
  }

  /// The report as JSON to share. Throws if it has faults: nobody should send numbers that Python
  /// would refuse.
  public func json() throws(NurieError) -> Data {
    try requireFaultless()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(self)
    } catch {
      throw .report("The report cannot be written as JSON (\(error.localizedDescription)).")
    }
  }

  /// The compute units of runs, each once, in their order.
  static func order(of runs: [ReportRun]) -> [String] {
    runs.map(\.computeUnits).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private func requireFaultless() throws(NurieError) {
    let found = faults
    guard found.isEmpty else {
      throw .report("The report has faults. \(found.joined(separator: ". ")).")
    }
  }
}
