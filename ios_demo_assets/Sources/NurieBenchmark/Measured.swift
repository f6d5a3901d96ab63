#if canImport(CoreML)
  import NurieCoreML
  import NurieKit
  import NurieReport

  /// One setting of a benchmark: a runtime, and the engines that it may use.
  protocol MeasuredSetting: Sendable {
    /// As reports name it.
    var runtime: String { get }
    /// The engines.
    var units: ComputeUnits { get }

    /// Makes the model ready as if it had never been loaded with this setting.
    func prepared() async throws -> any PreparedModel
  }

  /// A model that is ready to be loaded.
  protocol PreparedModel: Sendable {
    /// How long making it ready took; nil where that is a part of loading.
    var compileMS: Double? { get }

    /// Loads it: the first time it is specialised, unless that was done before.
    func load() async throws -> any MeasuredModel
    /// Where its operations run; nil where the system does not tell.
    func plan() async throws -> ReportPlan?
    /// Removes what was made for this setting alone.
    func discard()
  }

  /// A loaded model whose predictions can be timed.
  protocol MeasuredModel: Colorizing {
    /// How long loading took.
    var loadMS: Double { get }

    /// Predicts on blank paper.
    func warmUp(count: Int) async throws(ColoringError)
    /// Milliseconds of bare predictions of one drawing.
    func measure(
      _ lineart: Picture, hints: Hints?, count: Int
    ) async throws(ColoringError) -> [Double]
  }
#endif
