import NurieCoreML
import NurieKit

/// A model of a bundle, and the engines that it may use.
struct Choice: Equatable {
  var bundle: ModelBundle
  var model: BundledModel
  var computeUnits: ComputeUnits
}
