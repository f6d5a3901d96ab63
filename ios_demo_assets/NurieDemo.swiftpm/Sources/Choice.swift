import NurieCoreML
import NurieKit

/// A model of a bundle, and the engines that it may use.
struct Choice: Equatable {
  var bundle: ModelBundle
  var model: BundledModel
  var computeUnits: ComputeUnits
  var detail: Detail = .whole

  /// How a canvas meets a model of fixed size.
  enum Detail: String, CaseIterable, Identifiable {
    /// The whole canvas is fitted into the model's square.
    case whole
    /// The canvas is cut into overlapping tiles of the model's size.
    case tiles

    var id: String { rawValue }
  }
}
