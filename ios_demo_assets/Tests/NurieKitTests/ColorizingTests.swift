import Foundation
import Testing

@testable import NurieKit

/// What every back end has by conforming, whatever runs its model.
@Suite("A back end") struct ColorizingTests {
  /// Paints each pixel by its own grey, hints over it: no framework of Apple's.
  actor Painter: Colorizing {
    nonisolated let manifest: ModelManifest
    private(set) var painted = 0

    init(_ manifest: ModelManifest) { self.manifest = manifest }

    func paint(_ lineart: Picture, hints: Hints?) throws(ColoringError) -> Picture {
      painted += 1
      do {
        _ = try manifest.interface.pictures(lineart: lineart, hints: hints)
        let colors = lineart.bytes.indices.flatMap { pixel -> [UInt8] in
          let hint = hints.map { Array($0.picture.bytes[(pixel * 4)..<(pixel * 4 + 4)]) }
          if let hint, hint[3] == 255 { return Array(hint[..<3]) }
          return [lineart.bytes[pixel], 200, 100]
        }
        return try Picture(
          width: lineart.width, height: lineart.height, channels: .rgb, bytes: colors)
      } catch {
        throw ColoringError(error)
      }
    }
  }

  let layer: Painter
  let finished: Painter

  init() throws {
    let cases = try Goldens.load(ManifestTests.Cases.self, "manifests")
    layer = Painter(try ModelManifest(json: Data(cases.hints.utf8), name: "hints"))
    finished = Painter(try ModelManifest(json: Data(cases.image.utf8), name: "image"))
  }

  /// Greys from ink to paper.
  func drawing(_ width: Int, _ height: Int) throws -> Picture {
    try Picture(
      width: width, height: height, channels: .grey,
      bytes: (0..<(width * height)).map { UInt8($0 % 256) })
  }

  /// A ring on a sheet that is wider than high.
  func ring() throws -> Picture {
    let points = (0...40).map { step in
      let turn = Double(step) / 20 * Double.pi
      return StrokePoint(x: 90 + 40 * cos(turn), y: 60 + 40 * sin(turn), width: 4)
    }
    return try StrokeRasteriser.lineart([try Stroke(points: points)], width: 180, height: 120)
  }

  @Test("lays a layer under the ink, and a finished picture as it is") func color() async throws {
    let sheet = try drawing(64, 64)
    let painted = try await finished.color(sheet)
    #expect(painted[7, 0, 0] == 7 && painted[7, 0, 1] == 200)
    // 7 / 255 of 200 is 5.49.
    #expect(try await layer.color(sheet)[7, 0, 1] == 5)
    #expect(try await layer.paint(sheet, hints: nil)[7, 0, 1] == 200)
  }

  @Test("pads what is smaller with paper, and cuts it out again") func padded() async throws {
    let small = try drawing(40, 9)
    let color = try await finished.colorPadded(small)
    #expect((color.width, color.height) == (40, 9))
    #expect(stride(from: 0, to: color.bytes.count, by: 3).map { color.bytes[$0] } == small.bytes)
    await #expect(throws: ColoringError.self) { try await finished.colorPadded(drawing(65, 9)) }
  }

  @Test("refuses hints that its model does not take, as NurieKit says it") func refused()
    async throws
  {
    let hints = try Hints.none(width: 64, height: 64)
    await #expect {
      try await finished.color(drawing(64, 64), hints: hints)
    } throws: { ($0 as? ColoringError)?.sentence.contains("takes line art alone") == true }
  }

  @Test("goes from a drawing of any size to its flats in one call") func flats() async throws {
    let ring = try ring()
    let finisher = Finisher()
    let inside = try Hints(
      [
        HintStroke(
          stroke: try Stroke(points: [StrokePoint(x: 90, y: 60, width: 20)]), red: 9, green: 80,
          blue: 210)
      ], width: 180, height: 120)
    let result = try await finisher.color(ring, by: layer, hints: inside)
    // By hand, step by step.
    let manifest = layer.manifest
    let fitted = try await finisher.fit(
      ring, width: 64, height: 64, learned: manifest.linesPX, hints: inside)
    let painted = try await layer.paint(fitted.lineart, hints: fitted.hints)
    let expected = try await finisher.finish(
      ring, painted: try Painted(painted, of: fitted), hints: inside)
    #expect(result.picture == expected.picture && result.picture.width == 180)
    #expect((0..<3).map { result.picture[90, 60, $0] } == [9, 80, 210])
    #expect(await layer.painted == 2)
  }

  @Test("that paints finished pictures has its layer guessed, and keeps former regions")
  func guessed() async throws {
    let ring = try ring()
    let finisher = Finisher()
    let first = try await finisher.color(ring, by: finished)
    let again = try await finisher.color(ring, by: finished, former: first.regions)
    #expect(first.ink == ring && again.picture == first.picture)
    #expect(first.picture[90, 60, 1] == 200 && first.picture[90, 60, 2] == 100)
  }
}
