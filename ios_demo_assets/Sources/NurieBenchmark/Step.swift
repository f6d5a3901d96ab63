#if canImport(CoreML)
  import NurieCoreML

  /// What a benchmark is doing, for whoever waits.
  public enum BenchmarkStep: Equatable, Sendable {
    /// Compiling the package.
    case compiling
    /// Loading for a setting.
    case loading(ComputeUnits)
    /// Drawing the golden drawings.
    case parity(ComputeUnits)
    /// A hundred predictions or so.
    case burst(ComputeUnits)
    /// share: of the time asked for, 0 to 1.
    case sustained(ComputeUnits, share: Double)

    /// The same as a line for the screen.
    public var sentence: String {
      switch self {
      case .compiling: "Compiling the model"
      case .loading(let units): "Loading for \(units.rawValue)"
      case .parity(let units): "Drawing the golden drawings on \(units.rawValue)"
      case .burst(let units): "Measuring a burst on \(units.rawValue)"
      case .sustained(let units, let share):
        "Measuring \(units.rawValue) as it warms up, \(Int(share * 100)) %"
      }
    }
  }
#endif
