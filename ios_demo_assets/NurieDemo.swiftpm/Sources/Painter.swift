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

  /// Colours of the whole canvas, to lie below its ink.
  ///
  /// Hints that the model does not take are left out: the app offers none then.
  func paint(_ drawing: CanvasDrawing) async throws -> CGImage {
    let interface = model.manifest.interface
    let sheet = try drawing.padding(fitting: interface.width, interface.height)
    let lineart = try drawing.lineart(
      on: sheet, thinnest: model.manifest.lineWidthPX?.lowerBound ?? 0)
    let hints = interface.takesHints ? try drawing.hints(on: sheet) : nil
    // A layer stays one: the canvas's own ink is sharper than the model's pixels.
    return try PictureCoding.image(
      try sheet.crop(try await model.paint(lineart, hints: hints)))
  }
}
