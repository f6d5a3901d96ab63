/// What a model costs before its first prediction, in milliseconds.
public struct ReportLoadTimes: Codable, Equatable, Sendable {
  /// Compiling the package.
  public let compile: Double?
  /// Loading it right after compiling, when the system specialises it.
  public let first: Double?
  /// Loading it again, specialised already.
  public let cached: Double?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case compile
    case first
    case cached
  }

  /// Takes the values as they are; `DeviceReport.faults` finds what is wrong with them.
  package init(
    compile: Double? = nil, first: Double? = nil, cached: Double? = nil
  ) {
    self.compile = compile
    self.first = first
    self.cached = cached
  }
}
