import CoreGraphics
import Foundation
import NurieCoreML
import NurieKit

/// Loads once, colours often.
actor Colorist {
  private let model: ColoringModel
  private let finisher = Finisher()

  /// folder: of a bundle, `Bundle.main.url(forResource: "pretrained", withExtension: nil)`.
  init(bundle folder: URL) async throws {
    let bundle = try ModelBundle(contentsOf: folder)
    let first = bundle.models[0]
    model = try await ColoringModel.load(
      package: bundle.url(of: first), manifest: bundle.manifest(of: first), computeUnits: .all,
      cache: CompiledModelCache())
  }
}
