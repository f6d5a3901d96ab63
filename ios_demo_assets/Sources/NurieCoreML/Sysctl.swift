#if canImport(CoreML)
  import Darwin

  /// What the kernel says of the system by name.
  package enum Sysctl {
    /// The build of the system, such as 22F76; empty where unknown.
    package static var systemBuild: String { text("kern.osversion") ?? "" }

    /// A text, such as that of hw.machine; nil where there is none of that name.
    package static func text(_ name: String) -> String? {
      var size = 0
      guard sysctlbyname(name, nil, &size, nil, 0) == 0, size > 1 else { return nil }
      var bytes = [UInt8](repeating: 0, count: size)
      guard sysctlbyname(name, &bytes, &size, nil, 0) == 0 else { return nil }
      return String(decoding: bytes.prefix(while: { $0 != 0 }), as: UTF8.self)
    }
  }
#endif
