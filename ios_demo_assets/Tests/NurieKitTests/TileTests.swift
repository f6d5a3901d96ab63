import Foundation
import Testing

@testable import NurieKit

@Suite("Tiles") struct TileTests {
  struct Cases: Decodable {
    struct Plan: Decodable {
      let height, width, tile: Int
      let overlap: Int?
      let rows, columns, weights: [Int]
      let even: Int
    }
    struct Blended: Decodable {
      let tile, overlap: Int
      let drawing, blended: Goldens.Pixels
      let tiles, painted: [Goldens.Pixels]
    }
    let plans: [Plan]
    let blended: [Blended]
  }

  @Test("begin where Python's begin, with the same weights") func plans() throws {
    for item in try Goldens.load(Cases.self, "tiles").plans {
      let plan = try TilePlan(
        width: item.width, height: item.height, tile: item.tile, overlap: item.overlap)
      #expect(plan.rows.starts == item.rows)
      #expect(plan.columns.starts == item.columns)
      #expect(plan.rows.weights == item.weights)
      #expect(plan.columns.evenLength == item.even)
    }
  }

  @Test("are cut and blended to Python's bytes", arguments: 0..<3) func blended(_ n: Int) throws {
    let item = try Goldens.load(Cases.self, "tiles").blended[n]
    let drawing = try item.drawing.picture
    let plan = try TilePlan(
      width: drawing.width, height: drawing.height, tile: item.tile, overlap: item.overlap)
    #expect(
      try plan.corners.map { try plan.cut(drawing, at: $0) } == item.tiles.map { try $0.picture })
    #expect(try plan.blend(try item.painted.map { try $0.picture }) == item.blended.picture)
  }

  @Test("spread evenly: 10 pixels, tiles of 4 that share 1") func byHand() throws {
    let axis = try TileAxis(length: 10, tile: 4, overlap: 1)
    #expect(axis.starts == [0, 3, 6] && axis.weights == [1, 1, 1, 1])
  }

  @Test("of an evenly padded drawing step by tile - overlap") func even() throws {
    let padded = try TileAxis(
      length: try TileAxis(length: 100, tile: 32, overlap: 8).evenLength, tile: 32, overlap: 8)
    #expect(padded.starts == [0, 24, 48, 72])
  }

  @Test("do not take an overlap of more than half") func overlap() {
    let said = sentence { _ = try TilePlan(width: 9, height: 9, tile: 6, overlap: 4) }
    #expect(said.contains("0 to 3") && said.contains("received 4"))
  }

  @Test("of another plan are refused") func foreign() throws {
    let plan = try TilePlan(width: 9, height: 9, tile: 6)
    #expect(sentence { _ = try plan.blend([]) }.contains("Expected 4 painted tiles"))
    let drawing = try Picture.paper(width: 8, height: 9)
    #expect(sentence { _ = try plan.cut(drawing, at: plan.corners[0]) }.contains("9 x 9"))
  }
}
