import CoreGraphics
import Foundation
import NurieCoreML
import NurieKit

/// Colours that somebody touched in, on their way into a model and out of it.
extension Checks {
  static var hintClaims: [Claim] {
    [
      (
        "hints reach a model in their colours and places, through rows longer than their pixels",
        {
          let model = try await DoublePackage(7, 5, ["hints": true]).load()
          let drawing = try lineart(7, 5)
          let hints = try dots([(1, 2, [250, 20, 3]), (6, 4, [0, 128, 255])], 7, 5)
          return try await model.color(drawing, hints: hints)
            == (try over(hints, try painted(drawing)))
        }
      ),
      (
        "a model that takes hints colours without any",
        {
          let model = try await DoublePackage(7, 5, ["hints": true]).load()
          let drawing = try lineart(7, 5)
          try await model.warmUp()
          return try await model.color(drawing) == painted(drawing)
        }
      ),
      (
        "hints are refused by a model that takes none, and those of another size by any",
        {
          let none = try await DoublePackage(3, 2).load()
          let some = try await DoublePackage(3, 2, ["hints": true]).load()
          let drawing = try lineart(3, 2)
          let hints = try dots([(0, 0, [1, 2, 3])], 2, 2)
          let saidOfNone = await sentence { _ = try await none.color(drawing, hints: hints) }
          let saidOfSize = await sentence { _ = try await some.color(drawing, hints: hints) }
          return saidOfNone.contains("takes line art alone, received hints")
            && saidOfSize.contains("hint_color is 3 x 2 with 3 channels, received 2 x 2")
        }
      ),
      (
        "a layer is laid under the ink; what the model itself paints stays a layer",
        {
          let model = try await DoublePackage(7, 5, ["hints": true, "output": "layer"]).load()
          let drawing = try lineart(7, 5)
          let hints = try dots([(3, 1, [255, 255, 255])], 7, 5)
          let layer = try over(hints, try painted(drawing))
          let finished = zip(layer.bytes, drawing.bytes.flatMap { [$0, $0, $0] }).map {
            UInt8((Int($0) * Int($1) + 127) / 255)
          }
          let color = try await model.color(drawing, hints: hints)
          return try await model.paint(drawing, hints: hints) == layer && color.bytes == finished
        }
      ),
      (
        "hints of a smaller drawing are padded with it",
        {
          let model = try await DoublePackage(9, 9, ["hints": true]).load()
          let drawing = try lineart(4, 3)
          let hints = try dots([(0, 0, [9, 8, 7]), (3, 2, [70, 80, 90])], 4, 3)
          return try await model.colorPadded(drawing, hints: hints)
            == (try over(hints, try painted(drawing)))
        }
      ),
      (
        "pictures of opaque pixels and absent ones are decoded as they are; others are refused",
        {
          let opaque: [UInt8] = [1, 2, 3, 255, 0, 0, 0, 0]
          let half: [UInt8] = [1, 2, 3, 128, 0, 0, 0, 0]
          let decoded = try PictureCoding.decodeExactly(Data("PA\n2 1\n255\n".utf8) + opaque)
          let said = await sentence {
            _ = try PictureCoding.decodeExactly(Data("PA\n2 1\n255\n".utf8) + half)
          }
          return decoded.channels == .rgba && decoded.bytes == opaque
            && said.contains("opaque RGB or absent")
        }
      ),
    ]
  }

  /// One pixel of colour each.
  private static func dots(
    _ dots: [(x: Int, y: Int, color: [UInt8])], _ width: Int, _ height: Int
  ) throws -> Hints {
    var bytes = [UInt8](repeating: 0, count: width * height * 4)
    for (x, y, color) in dots {
      let start = (y * width + x) * 4
      bytes.replaceSubrange(start..<(start + 4), with: color + [255])
    }
    return try Hints(Picture(width: width, height: height, channels: .rgba, bytes: bytes))
  }

  /// Hints as pixels over a picture.
  private static func over(_ hints: Hints, _ picture: Picture) throws -> Picture {
    var bytes = picture.bytes
    for pixel in 0..<(picture.width * picture.height)
    where hints.picture.bytes[pixel * 4 + 3] == 255 {
      for channel in 0..<3 { bytes[pixel * 3 + channel] = hints.picture.bytes[pixel * 4 + channel] }
    }
    return try Picture(
      width: picture.width, height: picture.height, channels: .rgb, bytes: bytes)
  }

  static func hint(
    _ color: [UInt8], _ place: (x: Double, y: Double), width: Double = 5
  ) throws -> HintStroke {
    HintStroke(
      stroke: try Stroke(points: [StrokePoint(x: place.x, y: place.y, width: width)]),
      red: color[0], green: color[1], blue: color[2])
  }
}
