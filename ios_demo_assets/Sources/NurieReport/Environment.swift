/// What else decides how fast a device is.
public struct ReportEnvironment: Codable, Equatable, Sendable {
  /// How the app was compiled.
  public enum BuildConfiguration: String, Codable, Sendable {
    /// Optimised.
    case release = "Release"
    /// Not optimised: its numbers are no measurement.
    case debug = "Debug"

    /// How this very code was compiled.
    public static var current: BuildConfiguration {
      #if DEBUG
        .debug
      #else
        .release
      #endif
    }
  }

  /// Priorities, as the system names them.
  public enum QualityOfService: String, Codable, Sendable {
    /// Somebody watches every frame.
    case userInteractive
    /// Somebody waits.
    case userInitiated
    /// Nothing was said.
    case `default`
    /// Somebody sees a progress bar.
    case utility
    /// Nobody looks.
    case background
    /// The system decides.
    case unspecified
  }

  /// Whether Low Power Mode was on.
  public let lowPower: Bool
  /// Charge when measuring began, 0 to 1; nil where there is no battery, or none that can be read.
  public let battery: Double?
  /// Charge when all was measured.
  public let batteryAfter: Double?
  /// Whether it was charging.
  public let charging: Bool?
  /// Priority of the thread that predicted.
  public let qos: QualityOfService
  /// How the app was compiled: only Release numbers count.
  public let buildConfig: BuildConfiguration

  enum CodingKeys: String, CodingKey, CaseIterable {
    case lowPower = "low_power"
    case battery
    case batteryAfter = "battery_after"
    case charging
    case qos
    case buildConfig = "build_config"
  }

  /// Takes the values as they are; `DeviceReport.faults` finds what is wrong with them.
  package init(
    lowPower: Bool, battery: Double? = nil, batteryAfter: Double? = nil, charging: Bool? = nil,
    qos: QualityOfService, buildConfig: BuildConfiguration
  ) {
    self.lowPower = lowPower
    self.battery = battery
    self.batteryAfter = batteryAfter
    self.charging = charging
    self.qos = qos
    self.buildConfig = buildConfig
  }
}
