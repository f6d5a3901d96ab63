import Foundation
import NurieKit

/// What one exported model did on one device: `device-report/1`, which Python validates and
/// compares.
///
/// The fields are those of benchmarks/devices/schemas/device-report-1.schema.json.
public struct DeviceReport: Codable, Equatable, Sendable {
  /// The version that this file writes and reads.
  public static let version = "device-report/1"

  /// The machine.
  public let device: ReportDevice
  /// What else decides how fast it is.
  public let env: ReportEnvironment
  /// The model.
  public let artifact: ReportArtifact
  /// Every setting in every mode.
  public let runs: [ReportRun]

  enum CodingKeys: String, CodingKey, CaseIterable { case schema, device, env, artifact, runs }

  /// Takes the values as they are; `faults` finds what is wrong with them.
  public init(
    device: ReportDevice, env: ReportEnvironment, artifact: ReportArtifact, runs: [ReportRun]
  ) {
    self.device = device
    self.env = env
    self.artifact = artifact
    self.runs = runs
  }

  /// Reads a report strictly: of this version, and no field unknown.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let version = try fields.decodeIfPresent(String.self, forKey: .schema)
    try StrictKeys.require(version: Self.version, received: version, at: .schema, in: fields)
    device = try fields.decode(ReportDevice.self, forKey: .device)
    env = try fields.decode(ReportEnvironment.self, forKey: .env)
    artifact = try fields.decode(ReportArtifact.self, forKey: .artifact)
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
    try fields.encode(Self.version, forKey: .schema)
    try fields.encode(device, forKey: .device)
    try fields.encode(env, forKey: .env)
    try fields.encode(artifact, forKey: .artifact)
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

  private func requireFaultless() throws(NurieError) {
    let found = faults
    guard found.isEmpty else {
      throw .report("The report has faults. \(found.joined(separator: ". ")).")
    }
  }
}
