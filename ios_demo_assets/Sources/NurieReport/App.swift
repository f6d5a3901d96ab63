/// What measured.
public struct ReportApp: Codable, Equatable, Sendable {
  /// Its name.
  public let name: String
  /// Empty where it has none.
  public let version: String
  /// Empty where it has none.
  public let build: String

  /// Takes the values as they are; `DeviceReport.faults` finds what is wrong with them.
  package init(name: String, version: String, build: String) {
    self.name = name
    self.version = version
    self.build = build
  }
}
