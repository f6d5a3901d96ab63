import Foundation
import Testing

@testable import NurieKit

@Suite("Hints") struct HintTests {
  struct Cases: Decodable {
    struct Stroke: Decodable {
      let width: Double
      let rgb: [UInt8]
      let points: [[Double]]
    }
    let strokes: [Stroke]
    let hints: Goldens.Pixels
  }

  static func dot(
    _ x: Double, _ y: Double, width: Double = 1, rgb: [UInt8] = [255, 0, 0]
  ) throws -> HintStroke {
    HintStroke(
      stroke: try StrokeTests.stroke([(x, y)], width: width), red: rgb[0], green: rgb[1],
      blue: rgb[2])
  }

  /// Where a pixel is hinted: its number.
  static func hinted(_ hints: Hints) -> [Int] {
    (0..<(hints.picture.bytes.count / 4)).filter { hints.picture.bytes[$0 * 4 + 3] == 255 }
  }

  @Test("of strokes are those that Python makes of them, pixel for pixel") func golden() throws {
    let cases = try Goldens.load(Cases.self, "hints")
    let strokes = try cases.strokes.map { item in
      HintStroke(
        stroke: try StrokeTests.stroke(item.points.map { ($0[0], $0[1]) }, width: item.width),
        red: item.rgb[0], green: item.rgb[1], blue: item.rgb[2])
    }
    let theirs = try cases.hints.picture
    #expect(try Hints(strokes, width: theirs.width, height: theirs.height).picture == theirs)
  }

  @Test("are a colour and a mask, or nothing; the later stroke lies on top") func colors() throws {
    let (red, blue) = (try Self.dot(0.5, 0.5), try Self.dot(0.5, 0.5, rgb: [0, 0, 255]))
    let hints = try Hints([red], width: 2, height: 1)
    #expect(hints.picture.bytes == [255, 0, 0, 255, 0, 0, 0, 0] && !hints.isEmpty)
    #expect(try Hints([red, blue], width: 1, height: 1).picture.bytes == [0, 0, 255, 255])
    #expect(try Hints([], width: 2, height: 1).isEmpty)
  }

  @Test("are a pixel wide at least, wherever they lie") func thin() throws {
    // On the corner of four pixels: the middle of none is on it.
    #expect(Self.hinted(try Hints([Self.dot(1, 1, width: 0)], width: 3, height: 3)) == [4])
    let line = try StrokeTests.stroke([(0, 1.2), (4, 1.2)], width: 0.1)
    let hint = HintStroke(stroke: line, red: 1, green: 2, blue: 3)
    #expect(Self.hinted(try Hints([hint], width: 4, height: 3)) == [4, 5, 6, 7])
  }

  @Test("outside the canvas are none") func outside() throws {
    #expect(try Hints([Self.dot(-3, 1), Self.dot(1e12, 2)], width: 3, height: 3).isEmpty)
  }

  @Test("need a mask, and a canvas") func refused() throws {
    let said = sentence { _ = try Hints(try .paper(width: 2, height: 1, channels: .rgb)) }
    #expect(said.contains("and a mask, received 3 channels"))
    #expect(sentence { _ = try Hints([], width: 0, height: 3) }.contains("received 0 x 3"))
  }

  @Test("go to each port as its name says; where none are given the mask is 0") func ports() throws
  {
    let manifest = try ModelManifest(
      json: Data(try Goldens.load(ManifestTests.Cases.self, "manifests").hints.utf8), name: "m")
    let lineart = try Picture.paper(width: 64, height: 64)
    let hints = try Hints([try Self.dot(1.5, 0.5, rgb: [7, 8, 9])], width: 64, height: 64)
    let given = try manifest.interface.pictures(lineart: lineart, hints: hints)
    #expect(given.map(\.port) == manifest.interface.inputs && given[0].picture == lineart)
    #expect(given[1].picture.bytes.prefix(7) == [0, 0, 0, 7, 8, 9, 0])
    #expect(given[2].picture.bytes.prefix(4) == [0, 255, 0, 0])
    let none = try manifest.interface.pictures(lineart: lineart, hints: nil)
    #expect(none[2].picture.bytes.allSatisfy { $0 == 0 })
  }

  @Test("are refused by a model that takes none, and in another size") func models() throws {
    let cases = try Goldens.load(ManifestTests.Cases.self, "manifests")
    let takesNone = try ModelManifest(json: Data(cases.image.utf8), name: "m").interface
    let takesSome = try ModelManifest(json: Data(cases.hints.utf8), name: "m").interface
    let lineart = try Picture.paper(width: 64, height: 64)
    let said = sentence {
      _ = try takesNone.pictures(lineart: lineart, hints: try .none(width: 64, height: 64))
    }
    #expect(said.contains("takes line art alone, received hints"))
    let other = sentence {
      _ = try takesSome.pictures(lineart: lineart, hints: try .none(width: 32, height: 64))
    }
    #expect(other.contains("hint_color is 64 x 64 with 3 channels, received 32 x 64"))
  }

  @Test("are padded with nothing, where a drawing is padded with paper") func padded() throws {
    let padding = try PaperPadding(width: 1, height: 1, to: 3, by: 1)
    let hints = try Hints([try Self.dot(0.5, 0.5, rgb: [4, 5, 6])], width: 1, height: 1)
    #expect(try padding.pad(hints).picture.bytes == [0, 0, 0, 0, 4, 5, 6, 255, 0, 0, 0, 0])
  }
}
