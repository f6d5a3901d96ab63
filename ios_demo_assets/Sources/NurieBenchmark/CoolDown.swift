#if canImport(CoreML)
  import NurieCoreML

  /// Waits for the device to be as cool as at first: heat of one setting must not slow the next.
  enum CoolDown {
    /// Returns the seconds that it took the system to say nominal, or that were waited in vain.
    /// Throws when the task is cancelled.
    static func wait(atMost seconds: Double) async throws -> Double {
      let clock = ContinuousClock()
      let start = clock.now
      func waited() -> Double { (clock.now - start).milliseconds / 1e3 }
      while DeviceReading.thermalState != .nominal {
        let left = seconds - waited()
        guard left > 0 else { return waited() }
        try await Task.sleep(for: .seconds(min(left, 1)))
      }
      return waited()
    }
  }
#endif
