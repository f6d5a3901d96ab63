import CoreGraphics
import NurieCoreML
import NurieKit

/// A loaded model, and the way from a canvas to a picture that fills it.
struct Painter: Sendable {
  let model: ColoringModel

  /// Loads and warms up the chosen model.
  static func load(_ choice: Choice) async throws -> Painter {
    let model = try await ColoringModel.load(
      package: try choice.bundle.url(of: choice.model),
      manifest: try choice.bundle.manifest(of: choice.model), computeUnits: choice.computeUnits,
      cache: try CompiledModelCache())
    try await model.warmUp()
    return Painter(model: model)
  }

  /// Colours of the whole canvas.
  func paint(_ drawing: CanvasDrawing) async throws -> CGImage {
    let port = model.manifest.interface.input
    let (lineart, padding) = try drawing.lineart(fitting: port.width, port.height)
    return try PictureCoding.image(try padding.crop(try await model.color(lineart)))
  }
}
