import Foundation
import Testing

@testable import NurieKit

@Suite("Flat colours") struct FlatColorTests {
  struct Cases: Decodable {
    struct Case: Decodable {
      let name: String
      let learned: [Double]
      let lineart: Goldens.Runs, layer: Goldens.Runs, working: Goldens.Runs, flats: Goldens.Runs
      let hints: Goldens.Runs?, smooth: Goldens.Runs?, finished: Goldens.Runs?
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
      #expect(
        Self.mostApart(flats.picture(), try item.flats.picture) <= 1, "\(item.name)")
    }
  }

  /// The levels by which two pictures differ most.
  static func mostApart(_ one: Picture, _ other: Picture) -> Int {
    guard one.bytes.count == other.bytes.count else { return .max }
    return zip(one.bytes, other.bytes).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
  }

  @Test("of a region are one that is there, the one that the others are nearest to") func medoid()
    throws
  {
    // Five cells of gold, four of blue, one of white: by hand, no mixture, and gold.
    let colors =
      Array(repeating: [200, 160, 40], count: 5) + Array(repeating: [40, 80, 200], count: 4)
      + [[255, 255, 255]]
    let lineart = try Picture.paper(width: 10, height: 1)
    let fitted = Fitted(
      lineart: lineart, hints: nil, placement: try Placement(width: 10, height: 1, in: 10, by: 1))
    let layer = try Picture(
      width: 10, height: 1, channels: .rgb, bytes: colors.flatMap { $0.map { UInt8($0) } })
    let map = try RegionMap(lineart, lineWidth: 1)
    let flats = try FlatColors(
      map, painted: try Painted(layer, of: fitted), lineart: lineart)
    #expect(flats.colors == [RGB(red: 200, green: 160, blue: 40)])
    #expect(flats.isSmooth == [true])  // all of the sheet, and of many colours
  }
}
