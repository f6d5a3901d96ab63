#if canImport(CoreML)
  import Darwin
  import Foundation
  import NurieKit

  /// What the system says of the machine.
  public enum DeviceReading {
    /// The build of the system, such as 22F76; empty where unknown.
    public static var systemBuild: String { text("kern.osversion") ?? "" }

    /// The machine, as reports name it.
    public static var device: ReportDevice {
      let process = ProcessInfo.processInfo
      let version = process.operatingSystemVersion
      #if os(macOS)
        let (model, soc) = (text("hw.model"), text("machdep.cpu.brand_string"))
      #else
        // iOS tells the machine, not the chip; what it does not tell is left empty, not guessed.
        let (model, soc) = (text("hw.machine"), String?.none)
      #endif
      return ReportDevice(
        model: model ?? "unknown", soc: soc ?? "",
        os: "\(version.majorVersion).\(version.minorVersion).\(version.patchVersion)",
        build: systemBuild, ramMB: Double(process.physicalMemory) / 1e6)
    }

    /// What else decides how fast it is. Battery and charging are the app's to know.
    public static func environment(battery: Double?, charging: Bool?) -> ReportEnvironment {
      ReportEnvironment(
        lowPower: ProcessInfo.processInfo.isLowPowerModeEnabled, battery: battery,
        charging: charging, qos: qualityOfService, buildConfig: .current)
    }

    /// The system's temperature.
    public static var thermalState: ReportRun.ThermalState {
      switch ProcessInfo.processInfo.thermalState {
      case .nominal: .nominal
      case .fair: .fair
      case .serious: .serious
      case .critical: .critical
      // A state that a later system adds cannot be a cooler one.
      @unknown default: .critical
      }
    }

    private static var qualityOfService: ReportEnvironment.QualityOfService {
      switch Task.currentPriority {
      case .userInitiated: .userInitiated
      case .medium: .default
      case .utility: .utility
      case .background: .background
      default: .unspecified
      }
    }

    private static func text(_ name: String) -> String? {
      var size = 0
      guard sysctlbyname(name, nil, &size, nil, 0) == 0, size > 1 else { return nil }
      var bytes = [UInt8](repeating: 0, count: size)
      guard sysctlbyname(name, &bytes, &size, nil, 0) == 0 else { return nil }
      return String(decoding: bytes.prefix(while: { $0 != 0 }), as: UTF8.self)
    }
  }
#endif
