import NurieCoreML
import NurieKit
import NurieStudio

/// A loaded Core ML model that colours a session's drawing.
struct ModelColorist: Colorist {
  let model: ColoringModel

  var width: Int { model.manifest.interface.width }
  var height: Int { model.manifest.interface.height }
  var linesPX: ClosedRange<Double> { model.manifest.linesPX }
  var takesHints: Bool { model.manifest.interface.takesHints }

  /// Loads and warms up the chosen model.
  static func load(_ choice: Choice) async throws -> ModelColorist {
    let model = try await ColoringModel.load(
      package: try choice.bundle.url(of: choice.model),
      manifest: try choice.bundle.manifest(of: choice.model), computeUnits: choice.computeUnits,
      cache: try CompiledModelCache())
    try await model.warmUp()
    return ModelColorist(model: model)
  }

  func paint(_ lineart: Picture, hints: Hints?) async throws -> Picture {
    let painted = try await model.paint(lineart, hints: hints)
    // A picture that holds its lines would show them twice: what lies below them is guessed.
    return model.manifest.interface.underInk
      ? painted : try InkComposition.layerBeneath(painted, lineart: lineart)
  }
}
