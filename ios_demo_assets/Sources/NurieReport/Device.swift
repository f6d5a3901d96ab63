/// A machine, as its system names it.
public struct ReportDevice: Codable, Equatable, Sendable {
  /// As the system names it, such as iPhone16,1.
  public let model: String
  /// Marketing name of the chip; empty where unknown.
  public let soc: String
  /// Version of the system, such as 18.5.
  public let os: String
  /// Build of the system; empty where unknown.
  public let build: String
  /// Memory of the machine.
  public let ramMB: Double?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case model
    case soc
    case os
    case build
    case ramMB = "ram_mb"
  }

  /// Takes the values as they are; `DeviceReport.faults` finds what is wrong with them.
  package init(
    model: String, soc: String, os: String, build: String, ramMB: Double? = nil
  ) {
    self.model = model
    self.soc = soc
    self.os = os
    self.build = build
    self.ramMB = ramMB
  }
}
