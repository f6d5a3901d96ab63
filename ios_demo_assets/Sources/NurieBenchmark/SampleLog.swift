#if canImport(CoreML)
  import NurieReport

  /// Timed predictions, and what temperature and memory did meanwhile.
  struct SampleLog {
    private(set) var samples: [Double] = []
    private(set) var totalMS = 0.0
    private(set) var thermal: [ReportRun.ThermalState] = []
    private(set) var peakMemoryMB: Double?

    /// Adds milliseconds.
    mutating func add(_ more: [Double]) {
      samples += more
      totalMS += more.reduce(0, +)
    }

    /// Looks at the device; a state that lasts is noted once.
    mutating func look() {
      let state = DeviceReading.thermalState
      if thermal.last != state { thermal.append(state) }
      if let memory = MemoryReading.footprintMB {
        peakMemoryMB = max(peakMemoryMB ?? 0, memory)
      }
    }
  }
#endif
