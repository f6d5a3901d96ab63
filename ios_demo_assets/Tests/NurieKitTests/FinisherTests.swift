import Foundation
import Testing

@testable import NurieKit

@Suite("A finished picture") struct FinisherTests {
  @Test("is flats under the drawing's own ink, one drawing after the other") func golden()
    async throws
  {
    let finisher = Finisher()
    for item in try Goldens.load(FlatColorTests.Cases.self, "flats").cases {
      let lineart = try item.lineart.picture
      let hints = try item.hints.map { try Hints(try $0.picture) }
      let fitted = try await finisher.fit(
        lineart, width: item.working.width, height: item.working.height,
        learned: item.learned[0]...item.learned[1], hints: hints)
      let finished = try await finisher.finish(
        lineart, painted: try Painted(try item.layer.picture, of: fitted), hints: hints)
      let flats = try item.flats.picture
      #expect(FlatColorTests.mostApart(finished.flats, flats) <= 1, "\(item.name)")
      #expect(finished.ink == lineart)
      if let picture = try item.finished?.picture {
        #expect(FlatColorTests.mostApart(finished.picture, picture) <= 1, "\(item.name)")
      }
      if let smooth = try item.smooth?.picture {
        #expect(FlatColorTests.mostApart(finished.smooth, smooth) <= 1, "\(item.name)")
      }
    }
  }

  @Test("has locked colours, whatever was painted or hinted") func locked() async throws {
    let finisher = Finisher()
    let (map, lineart) = try SteadyRegionTests.map()
    var regions = SteadyRegions(map)
    let (x, y) = SteadyRegionTests.middle(1, 2)
    let color = RGB(red: 9, green: 99, blue: 199)
    regions.lock(try #require(regions.identity(x: x, y: y)), to: color)
    let hint = try StrokeTests.stroke([(Double(x), Double(y))], width: 5)
    let hints = try Hints(
      [HintStroke(stroke: hint, red: 200, green: 0, blue: 0)], width: lineart.width,
      height: lineart.height)
    let fitted = try await finisher.fit(
      lineart, width: 32, height: 32, learned: 1...2, hints: hints)
    let painted = try Painted(try .paper(width: 32, height: 32, channels: .rgb), of: fitted)
    let stroke = try StrokeTests.stroke([(10, 10), (20, 20)], width: 2)
    let changed = try StrokeRasteriser.lineart([stroke], over: lineart)
    let finished = try await finisher.finish(
      changed, painted: painted, hints: hints, former: regions)
    #expect(finished.regions.locked.values.map { $0 } == [color])
    #expect((0..<3).map { finished.flats[x, y, $0] } == [9, 99, 199])
    let free = try await finisher.finish(changed, painted: painted, hints: hints)
    #expect((0..<3).map { free.flats[x, y, $0] } == [200, 0, 0])
  }

  @Test("is refused of what does not belong together") func refused() async throws {
    let lineart = try Picture.paper(width: 20, height: 10)
    let finisher = Finisher()
    let fitted = try await finisher.fit(lineart, width: 16, height: 16, learned: 1...2)
    let layer = try Picture.paper(width: 16, height: 16, channels: .rgb)
    #expect(
      sentence { _ = try Painted(try .paper(width: 16, height: 15, channels: .rgb), of: fitted) }
        .contains("16 x 16, received 16 x 15"))
    let painted = try Painted(layer, of: fitted)
    let map = try RegionMap(try .paper(width: 9, height: 9), lineWidth: 1)
    #expect(
      sentence { _ = try FlatColors(map, painted: painted, lineart: lineart) }
        .contains("20 x 10, received 9 x 9"))
    let flats = try FlatColors(
      try RegionMap(lineart, lineWidth: 1), painted: painted, lineart: lineart)
    // Larger, so that painting it would write beyond the drawing.
    for (width, height) in [(200, 100), (10, 20), (20, 9)] {
      var other = SteadyRegions(
        try RegionMap(try .paper(width: width, height: height), lineWidth: 1))
      other.lock(other.identities[0], to: RGB(red: 1, green: 2, blue: 3))
      #expect(
        sentence { _ = try flats.picture(locked: other.lockedColors) }
          .contains("20 x 10, received those of \(width) x \(height)"))
    }
    let hints = try Hints.none(width: 3, height: 3)
    #expect(
      sentence { _ = try FlatColors(map, painted: painted, lineart: lineart, hints: hints) }
        .contains("received 3 x 3"))
    #expect(sentence { _ = try RegionMap(layer, lineWidth: 1) }.contains("received 3 channels"))
    #expect(sentence { _ = try RegionMap(lineart, lineWidth: 0) }.contains("received 0.0"))
    #expect(
      sentence { _ = try Fitted(lineart, width: 0, height: 4, learned: 1...2) }
        .contains("received 20 x 10 and 0 x 4"))
  }
}
