import CoreGraphics
import Foundation
import NurieCoreML
import NurieKit
import NurieStudio

/// The way of the demo app from a session to a model and back.
extension Checks {
  static var canvasClaims: [Claim] {
    [
      (
        "a session's drawing is coloured by the model, under the ink and at its own size",
        {
          let model = try await DoublePackage(16, 16, ["hints": true, "output": "layer"]).load()
          let session = try await session(of: model)
          await session.draw([
            InkLine(stroke: try Stroke(points: [StrokePoint(x: 20, y: 20, width: 9)]))
          ])
          await session.settled()
          let shown = await session.shown?.colors
          return shown.map { ($0.width, $0.height, $0.channels) == (64, 40, .rgb) } ?? false
        }
      ),
      (
        "hints reach a model that takes them; one that takes none colours all the same",
        {
          let dot = try hint([12, 34, 56], (40, 20), width: 8)
          func color(_ hints: Bool) async throws -> RGB? {
            let package = try DoublePackage(16, 16, ["hints": hints, "output": "layer"])
            let session = try await session(of: try await package.load())
            let box = [(28.0, 8.0), (52, 8), (52, 32), (28, 32), (28, 8)]
            await session.draw([
              InkLine(
                stroke: try Stroke(
                  points: box.map { StrokePoint(x: $0.0, y: $0.1, width: 2) }))
            ])
            await session.touch(dot)
            await session.settled()
            guard await session.activity == .idle else { return nil }
            return await session.color(x: 40, y: 20)
          }
          // The box takes its hint's colour either way.
          let wanted = RGB(red: 12, green: 34, blue: 56)
          let (some, none) = (try await color(true), try await color(false))
          return some == wanted && none == wanted
        }
      ),
      (
        "a model that paints finished pictures gives a layer without its lines",
        {
          let package = try DoublePackage(8, 8, ["output": "color"])
          let colorist = ModelColorist(model: try await package.load())
          let lineart = try StrokeRasteriser.lineart(
            [
              try Stroke(
                points: [StrokePoint(x: 4, y: 0, width: 2), StrokePoint(x: 4, y: 8, width: 2)])
            ], width: 8, height: 8)
          let layer = try await colorist.paint(lineart, hints: nil)
          // Black is painted as (0, 255, 0) by the double; no pixel of the layer is.
          return layer[4, 4, 1] == 0 && layer[4, 4, 0] == 255
        }
      ),
    ]
  }

  /// A session of 64 x 40 pixels that a model colours, without waiting.
  @MainActor private static func session(of model: ColoringModel) throws -> Session {
    Session(
      try Artwork(width: 64, height: 40), pace: Pace(rest: .zero, save: .zero),
      load: { ModelColorist(model: model) })
  }
}
