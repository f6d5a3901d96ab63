#if canImport(CoreML)
  import CoreML

  /// Which engines Core ML may use, named as device reports name them.
  public enum ComputeUnits: String, CaseIterable, Identifiable, Sendable {
    /// Whatever the system finds fastest.
    case all
    /// The processor alone.
    case cpuOnly
    /// Processor and GPU.
    case cpuAndGPU
    /// Processor and Neural Engine.
    case cpuAndNeuralEngine

    /// The name.
    public var id: String { rawValue }

    /// The same, for Core ML.
    public var coreML: MLComputeUnits {
      switch self {
      case .all: .all
      case .cpuOnly: .cpuOnly
      case .cpuAndGPU: .cpuAndGPU
      case .cpuAndNeuralEngine: .cpuAndNeuralEngine
      }
    }
  }
#endif
