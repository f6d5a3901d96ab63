import Foundation
import Testing

@testable import NurieKit
@testable import NurieReport

@Suite("Strokes") struct StrokeTests {
  struct Cases: Decodable {
    struct Stroke: Decodable {
      let width: Double
      let points: [[Double]]
    }
    let strokes: [Stroke]
    let drawn: Goldens.Pixels
  }

  static func stroke(_ points: [(Double, Double)], width: Double) throws -> Stroke {
    try Stroke(points: points.map { StrokePoint(x: $0.0, y: $0.1, width: width) })
  }

  @Test("look as resvg draws them") func resvg() throws {
    let cases = try Goldens.load(Cases.self, "strokes")
    let strokes = try cases.strokes.map { item in
      try Self.stroke(item.points.map { ($0[0], $0[1]) }, width: item.width)
    }
    let theirs = try cases.drawn.picture
    let ours = try StrokeRasteriser.lineart(strokes, width: theirs.width, height: theirs.height)
    let quality = try PictureQuality(reference: theirs, candidate: ours)
    // Both antialias, by different rules: where an edge crosses a pixel slantwise, by up to a
    // fifth.
    #expect(quality.psnrDB > 35)
    #expect(quality.maxLevels < 255 / 5)
  }

  @Test("a level line two pixels wide is black and sharp") func level() throws {
    let line = try Self.stroke([(-5, 2), (20, 2)], width: 2)
    let drawn = try StrokeRasteriser.lineart([line], width: 3, height: 4)
    #expect(drawn.bytes == [255, 255, 255, 0, 0, 0, 0, 0, 0, 255, 255, 255])
  }

  @Test("a line between two rows covers half of each") func half() throws {
    let line = try Self.stroke([(-5, 1), (20, 1)], width: 1)
    let drawn = try StrokeRasteriser.lineart([line], width: 1, height: 2)
    #expect(drawn.bytes == [128, 128])  // 127.5, halves to even
  }

  /// Share of the ink that rounding to 255 levels may take: lines of a quarter of a pixel have few
  /// of them, and lose or gain 1 % at the worst phase.
  static let rounded = 0.015
  /// Share of the ink of one dot: in a pixel its edge is taken for a straight one, which is right on
  /// average over phases, but not for a dot as large as a pixel at a single one.
  static let oneDot = 0.15

  /// The ink on a sheet, in pixels.
  static func ink(_ points: [(Double, Double)], width: Double) throws -> Double {
    let drawn = try StrokeRasteriser.lineart(
      [try stroke(points, width: width)], width: 48, height: 48)
    return drawn.bytes.reduce(0) { $0 + Double(255 - $1) } / 255
  }

  @Test(
    "leave as much ink as they are large, whatever the phase and the direction",
    arguments: [0.26, 0.4, 1, 1.78, 5])
  func area(width: Double) throws {
    for phase in stride(from: 0.0, to: 1, by: 0.125) {
      for turn in stride(from: 0.0, to: 3.2, by: 0.2) {
        let (x, y) = (24 + phase, 24 + phase / 3)
        let (dx, dy) = (15 * cos(turn), 15 * sin(turn))
        let ink = try Self.ink([(x - dx, y - dy), (x + dx, y + dy)], width: width)
        let area = 30 * width + Double.pi * width * width / 4
        #expect(abs(ink / area - 1) < Self.rounded, "phase \(phase), turn \(turn)")
      }
    }
  }

  @Test("of many short pieces are as dark as one of a long one", arguments: [0.4, 2.5])
  func pieces(width: Double) throws {
    let line = try Self.ink([(6.2, 9.7), (40.1, 31.3)], width: width)
    let many: [(Double, Double)] = stride(from: 0.0, through: 1, by: 0.005).map { share in
      (6.2 + 33.9 * share, 9.7 + 21.6 * share)
    }
    #expect(abs(try Self.ink(many, width: width) / line - 1) < Self.rounded)
    #expect(abs(try Self.ink(many.flatMap { [$0, $0] }, width: width) / line - 1) < Self.rounded)
  }

  @Test("of one point are about as large as their dot", arguments: [0.4, 1, 3, 9])
  func dots(width: Double) throws {
    let area = Double.pi * width * width / 4
    let inks = try stride(from: 0.0, to: 1, by: 0.25).flatMap { x in
      try stride(from: 0.0, to: 1, by: 0.25).map { y in
        try Self.ink([(24 + x, 24 + y)], width: width)
      }
    }
    #expect(inks.allSatisfy { abs($0 / area - 1) < Self.oneDot })
    #expect(abs(inks.reduce(0, +) / Double(inks.count) / area - 1) < Self.rounded)
  }

  @Test("a single point is a round dot") func dot() throws {
    let dot = try Self.stroke([(4.5, 4.5)], width: 6)
    let drawn = try StrokeRasteriser.lineart([dot], width: 9, height: 9)
    #expect(drawn[4, 4, 0] == 0 && drawn[4, 2, 0] == 0)
    #expect(drawn[2, 2, 0] > 0 && drawn[1, 1, 0] == 255 && drawn[4, 0, 0] == 255)
    #expect(drawn[2, 4, 0] == drawn[4, 2, 0] && drawn[6, 4, 0] == drawn[2, 4, 0])
  }

  @Test("overlapping strokes are no darker than one") func overlap() throws {
    let line = try Self.stroke([(0, 1), (9, 1)], width: 1)
    let once = try StrokeRasteriser.lineart([line], width: 9, height: 3)
    #expect(try StrokeRasteriser.lineart([line, line], width: 9, height: 3) == once)
  }

  @Test("never lighten what they are drawn over") func over() throws {
    let line = try Self.stroke([(0, 0.5), (9, 0.5)], width: 1)
    #expect(try StrokeRasteriser.lineart([line], over: grey([[7, 200, 255]])).bytes == [0, 0, 0])
    #expect(try StrokeRasteriser.lineart([], over: grey([[7, 200]])).bytes == [7, 200])
  }

  @Test("far outside the canvas leave it blank") func outside() throws {
    let line = try Self.stroke([(-1e9, -1e9), (-1e8, 1e12)], width: 3)
    #expect(
      try StrokeRasteriser.lineart([line], width: 4, height: 4) == .paper(width: 4, height: 4))
  }

  @Test("without points or with impossible ones are refused") func refused() {
    #expect(sentence { _ = try Stroke(points: []) }.contains("1 point or more"))
    #expect(sentence { _ = try Self.stroke([(.nan, 0)], width: 1) }.contains("place"))
    #expect(sentence { _ = try Self.stroke([(0, 0)], width: -1) }.contains("width"))
  }

  @Test("move and grow together with their width") func placed() throws {
    let placed = try Self.stroke([(1, 2)], width: 3).placed(scale: 2, left: 10, top: 20)
    #expect(placed.points == [StrokePoint(x: 12, y: 24, width: 6)])
  }

  @Test("are widened where they are thinner than asked") func widened() throws {
    let stroke = try Stroke(
      points: [StrokePoint(x: 1, y: 2, width: 0.5), StrokePoint(x: 3, y: 4, width: 5)])
    #expect(try stroke.widened(to: 2).points.map(\.width) == [2, 5])
  }
}
