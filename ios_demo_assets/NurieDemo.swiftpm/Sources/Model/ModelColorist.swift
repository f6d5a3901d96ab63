import NurieCoreAI
import NurieCoreML
import NurieKit
import NurieStudio

/// A loaded model that colours a session's drawing: a Core ML package or a Core AI asset.
struct ModelColorist: Colorist {
  let model: any Colorizing

  var width: Int { model.manifest.interface.width }
  var height: Int { model.manifest.interface.height }
  var linesPX: ClosedRange<Double> { model.manifest.linesPX }
  var takesHints: Bool { model.manifest.interface.takesHints }

  /// Loads and warms up the chosen model.
  static func load(_ choice: Choice) async throws -> ModelColorist {
    let manifest = try choice.bundle.manifest(of: choice.model)
    guard manifest.format != .coreai else { return try await loadAsset(choice, manifest) }
    let model = try await ColoringModel.load(
      package: try choice.bundle.url(of: choice.model), manifest: manifest,
      computeUnits: choice.computeUnits, cache: try CompiledModelCache())
    try await model.warmUp()
    return ModelColorist(model: model)
  }

  private static func loadAsset(
    _ choice: Choice, _ manifest: ModelManifest
  ) async throws -> ModelColorist {
    #if canImport(CoreAI)
      if #available(iOS 27, macOS 27, macCatalyst 27, visionOS 27, *) {
        guard let units = AssetUnits(rawValue: choice.computeUnits.rawValue) else {
          throw ColoringError.load(
            "Core AI cannot be kept to \(choice.computeUnits.rawValue). Choose all or cpuOnly.")
        }
        let model = try await ColoringAsset(
          contentsOf: try choice.bundle.url(of: choice.model), manifest: manifest, units: units)
        try await model.warmUp()
        return ModelColorist(model: model)
      }
    #endif
    throw ColoringError.load(
      "\(manifest.artifact) needs Core AI, which is part of iOS 27; simulators have none. Choose a "
        + "Core ML package.")
  }

  func paint(_ lineart: Picture, hints: Hints?) async throws -> Picture {
    let painted = try await model.paint(lineart, hints: hints)
    // A picture that holds its lines would show them twice: what lies below them is guessed.
    return model.manifest.interface.underInk
      ? painted : try InkComposition.layerBeneath(painted, lineart: lineart)
  }
}
