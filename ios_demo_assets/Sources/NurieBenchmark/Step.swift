#if canImport(CoreML)
  import NurieCoreML

  /// What a benchmark is doing, for whoever waits.
  ///
  /// A step is told before it begins and not again: while predictions are timed, nothing is drawn.
  public enum BenchmarkStep: Equatable, Sendable {
    /// Waiting for the device to be as cool as before.
    case coolingDown(before: ComputeUnits)
    /// Compiling the package.
    case compiling
    /// Loading for a setting.
    case loading(ComputeUnits)
    /// Drawing the golden drawings.
    case parity(ComputeUnits)
    /// A hundred predictions or so.
    case burst(ComputeUnits)
    /// Predictions a second apart.
    case idleGap(ComputeUnits, count: Int)
    /// Predictions without a pause.
    case sustained(ComputeUnits, seconds: Double)

    /// The same as a line for the screen.
    public var sentence: String {
      switch self {
      case .coolingDown(let units): "Letting the device cool down before \(units.rawValue)"
      case .compiling: "Compiling the model"
      case .loading(let units): "Loading for \(units.rawValue)"
      case .parity(let units): "Drawing the golden drawings on \(units.rawValue)"
      case .burst(let units): "Measuring a burst on \(units.rawValue)"
      case .idleGap(let units, let count):
        "Measuring \(count) predictions a second apart on \(units.rawValue)"
      case .sustained(let units, let seconds):
        "Measuring \(units.rawValue) for \(Int(seconds.rounded(.up))) s as it warms up"
      }
    }
  }
#endif
