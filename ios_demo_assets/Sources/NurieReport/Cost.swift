/// Which engine bears how much of the cost of a prediction, as the system estimates it: 0 to 1.
public struct ReportCost: Codable, Equatable, Sendable {
  /// The Neural Engine.
  public let ane: Double
  /// The GPU.
  public let gpu: Double
  /// The CPU.
  public let cpu: Double

  /// Takes the values as they are; `DeviceReport.faults` finds what is wrong with them.
  package init(ane: Double, gpu: Double, cpu: Double) {
    self.ane = ane
    self.gpu = gpu
    self.cpu = cpu
  }
}
