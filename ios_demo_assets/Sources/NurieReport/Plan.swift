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
  /// Who bears how much of the cost; nil where the system does not tell.
  public let cost: ReportCost?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case ane
    case gpu
    case cpu
    case fallbackOps = "fallback_ops"
    case cost
  }

  /// Takes the values as they are; `DeviceReport.faults` finds what is wrong with them.
  package init(
    ane: Int, gpu: Int, cpu: Int, fallbackOps: [String], cost: ReportCost? = nil
  ) {
    self.ane = ane
    self.gpu = gpu
    self.cpu = cpu
    self.fallbackOps = fallbackOps
    self.cost = cost
  }
}
