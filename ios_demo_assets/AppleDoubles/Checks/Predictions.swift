import AppleDoubles
import Foundation
import NurieBenchmark
import NurieCoreML
import NurieKit

extension Checks {
  static var predictionClaims: [Claim] {
    ["BGRA", "ARGB", "RGBA"].map { format in
      (
        "pictures pass a model of \(format) whole, though its rows are longer than its pixels",
        {
          let model = try await DoublePackage(7, 5, ["format": format]).load()
          let drawing = try lineart(7, 5)
          return try await model.color(drawing) == painted(drawing)
        }
      )
    } + [
      (
        "pictures pass a model of numbers, scaled as its manifest says",
        {
          let model = try await DoublePackage(3, 2, ["pictures": false]).load()
          let drawing = try Picture(
            width: 3, height: 2, channels: .grey, bytes: [0, 255, 51, 204, 102, 153])
          // The double returns v, -v and v / 2 of v in [-1, 1]: 0, 255 and 63.75 of 0.
          let color = try await model.color(drawing)
          return (0..<3).map { color[0, 0, $0] } == [0, 255, 64]
            && (0..<3).map { color[1, 0, $0] } == [255, 0, 191]
            && (0..<3).map { color[2, 0, $0] } == [51, 204, 89]
        }
      ),
      (
        "a smaller drawing is padded and cropped back",
        {
          let model = try await DoublePackage(9, 9).load()
          let drawing = try lineart(4, 3)
          return try await model.colorPadded(drawing) == painted(drawing)
        }
      ),
      (
        "as many predictions are timed as were asked for, and no time runs backwards",
        {
          let model = try await DoublePackage(3, 3).load()
          let before = Asked.shared["predict"]
          let bare = try await model.measure(try lineart(3, 3), count: 4)
          let whole = try await model.measureEndToEnd(try lineart(3, 3), count: 2)
          try await model.warmUp(count: 3)
          return bare.count == 4 && whole.count == 2 && (bare + whole).allSatisfy { $0 >= 0 }
            && Asked.shared["predict"] - before == 9
        }
      ),
    ]
  }

  static var refusalClaims: [Claim] {
    [
      (
        "a drawing of another size is refused with both sizes",
        {
          let model = try await DoublePackage(7, 5).load()
          let said = await sentence { _ = try await model.color(try lineart(5, 7)) }
          return said.contains("lineart is 7 x 5 with 1 channels, received 5 x 7")
        }
      ),
      (
        "values that are no numbers are counted",
        {
          let package = try DoublePackage(2, 2, ["pictures": false, "fault": "nan"])
          let model = try await package.load()
          do {
            _ = try await model.color(try lineart(2, 2))
            return false
          } catch ColoringError.nonfinite(let count) {
            return count == 2
          }
        }
      ),
      (
        "what Core ML refuses is said with its own words, and what to do",
        {
          let model = try await DoublePackage(2, 2, ["fault": "refuses"]).load(.cpuOnly)
          let said = await sentence { _ = try await model.color(try lineart(2, 2)) }
          return said.contains("on cpuOnly: the double refuses. Try another compute unit")
        }
      ),
      (
        "a model that returns nothing, or a larger picture, is refused",
        {
          let silent = try await DoublePackage(2, 2, ["fault": "silent"]).load()
          let larger = try await DoublePackage(2, 2, ["fault": "larger"]).load()
          let nothing = await sentence { _ = try await silent.color(try lineart(2, 2)) }
          let more = await sentence { _ = try await larger.color(try lineart(2, 2)) }
          return nothing.contains("returned no color") && more.contains("returned 3 x 2 pixels")
        }
      ),
      (
        "a picture of an unknown pixel format is refused",
        {
          let model = try await DoublePackage(2, 2, ["format": "2vuy"]).load()
          let said = await sentence { _ = try await model.color(try lineart(2, 2)) }
          return said.contains("Expected BGRA, ARGB or RGBA")
        }
      ),
    ]
  }
}
