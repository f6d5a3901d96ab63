#if canImport(CoreML)
  import Foundation
  import NurieCoreML
  import NurieReport

  /// What the system says of the machine.
  package enum DeviceReading {
    /// The machine, as reports name it.
    package static var device: ReportDevice {
      let process = ProcessInfo.processInfo
      let version = process.operatingSystemVersion
      #if os(macOS) || targetEnvironment(macCatalyst)
        let (model, soc) = (Sysctl.text("hw.model"), Sysctl.text("machdep.cpu.brand_string"))
      #else
        // iOS tells the machine, not the chip; what it does not tell is left empty, not guessed.
        let (model, soc) = (Sysctl.text("hw.machine"), String?.none)
      #endif
      return ReportDevice(
        model: model ?? "unknown", soc: soc ?? "",
        os: "\(version.majorVersion).\(version.minorVersion).\(version.patchVersion)",
        build: Sysctl.systemBuild, ramMB: Double(process.physicalMemory) / 1e6)
    }

    /// The program that measures, as its bundle names it.
    package static var app: ReportApp {
      let info = Bundle.main.infoDictionary ?? [:]
      func text(_ key: String) -> String { info[key] as? String ?? "" }
      let name = text("CFBundleName")
      return ReportApp(
        name: name.isEmpty ? ProcessInfo.processInfo.processName : name,
        version: text("CFBundleShortVersionString"), build: text("CFBundleVersion"))
    }

    /// What else decides how fast it is. Battery and charging are the app's to know; the queue that
    /// `ColoringModel` predicts on is of one quality.
    package static func environment(
      battery: Double?, batteryAfter: Double?, charging: Bool?
    ) -> ReportEnvironment {
      ReportEnvironment(
        lowPower: ProcessInfo.processInfo.isLowPowerModeEnabled, battery: battery,
        batteryAfter: batteryAfter, charging: charging, qos: .userInitiated, buildConfig: .current)
    }

    /// The system's temperature.
    package static var thermalState: ReportRun.ThermalState {
      switch ProcessInfo.processInfo.thermalState {
      case .nominal: .nominal
      case .fair: .fair
      case .serious: .serious
      case .critical: .critical
      // A state that a later system adds cannot be a cooler one.
      @unknown default: .critical
      }
    }
  }
#endif
