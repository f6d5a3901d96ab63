import Foundation

/// What this process has taken of the machine so far.
enum Resources {
  /// The most memory at a time, program and pictures and all, in MB of 10^6 bytes.
  static var peakMB: Double {
    #if canImport(Darwin)
      Double(used().ru_maxrss) / 1e6  // bytes
    #else
      Double(used().ru_maxrss) * 1024 / 1e6  // KiB
    #endif
  }

  /// The time of all processors together: what counts where others work, too.
  static var processorMS: Double {
    let used = used()
    let seconds = Double(used.ru_utime.tv_sec) + Double(used.ru_stime.tv_sec)
    let microseconds = Double(used.ru_utime.tv_usec) + Double(used.ru_stime.tv_usec)
    return seconds * 1e3 + microseconds / 1e3
  }

  private static func used() -> rusage {
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(RUSAGE_SELF, &usage)
    #else
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #endif
    return usage
  }
}
