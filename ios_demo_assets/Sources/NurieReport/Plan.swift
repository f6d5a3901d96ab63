/// How many operations, without constants, the system gives to which engine.
public struct ReportPlan: Codable, Equatable, Sendable {
  /// To the Neural Engine.
  public let ane: Int
  /// To the GPU.
  public let gpu: Int
  /// To the CPU.
  public let cpu: Int
  /// Types of those that the Neural Engine, though allowed, did not take.
  public let fallbackOps: [String]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case ane
    case gpu
    case cpu
    case fallbackOps = "fallback_ops"
  }

  /// Takes the values as they are; `DeviceReport.faults` finds what is wrong with them.
  public init(
    ane: Int, gpu: Int, cpu: Int, fallbackOps: [String]
  ) {
    self.ane = ane
    self.gpu = gpu
    self.cpu = cpu
    self.fallbackOps = fallbackOps
  }
}
