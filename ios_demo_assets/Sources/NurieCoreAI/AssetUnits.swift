#if canImport(CoreAI)
  import CoreAI

  /// Which engines Core AI may use, named as device reports name them.
  ///
  /// There are two alone: Core AI lets an app prefer an engine, but exclude none except by asking for
  /// the processor.
  @available(iOS 27, macOS 27, macCatalyst 27, visionOS 27, *)
  public enum AssetUnits: String, CaseIterable, Identifiable, Sendable {
    /// Whatever the system finds fastest: its default.
    case all
    /// The processor alone.
    case cpuOnly

    /// The name.
    public var id: String { rawValue }

    /// The same, for Core AI.
    public var specialization: SpecializationOptions {
      switch self {
      case .all: .default
      case .cpuOnly: .cpuOnly
      }
    }
  }
#endif
