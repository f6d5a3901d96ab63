import Foundation
import Testing

@testable import NurieKit

@Suite("Flat colours") struct FlatColorTests {
  struct Cases: Decodable {
    struct Case: Decodable {
      let name: String
      let learned: [Double]
      let lineart: Goldens.Runs, layer: Goldens.Runs, working: Goldens.Runs, flats: Goldens.Runs
      let hints: Goldens.Runs?, smooth: Goldens.Runs?
    }
    let cases: [Case]
  }

  @Test("are Python's within one grey level") func golden() throws {
    for item in try Goldens.load(Cases.self, "flats").cases {
      let lineart = try item.lineart.picture
      let hints = try item.hints.map { try Hints(try $0.picture) }
      let fitted = Fitted(
        lineart: try item.working.picture, hints: nil,
        placement: try Placement(
          width: lineart.width, height: lineart.height, in: item.working.width,
          by: item.working.height))
      let map = try RegionMap(lineart, lineWidth: try LineWidth.measure(lineart) ?? 1)
      let flats = try FlatColors(
        map, painted: try Painted(try item.layer.picture, of: fitted), lineart: lineart,
        hints: hints)
      let found = flats.picture()
      let expected = try item.flats.picture
      let most = zip(found.bytes, expected.bytes).map { abs(Int($0) - Int($1)) }.max() ?? 0
      #expect(most <= 1, "\(item.name)")
    }
  }
}
