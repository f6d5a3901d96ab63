import Foundation
import Testing

@testable import NurieKit

@Suite("A fitted drawing") struct FittingTests {
  struct Cases: Decodable {
    struct Case: Decodable {
      let name: String
      let learned: [Double]
      let lineart: Goldens.Runs
      let hints: Goldens.Runs?
      let fitted: Goldens.Runs
      let fitted_hints: Goldens.Runs?
      let scale: [Double]
      let left: Double, top: Double
    }
    let cases: [Case]
  }

  @Test("is Python's within one grey level, and its hints are equal") func golden() throws {
    var fitter = Fitter()  // the same memory for drawings of all sizes
    for item in try Goldens.load(Cases.self, "fitting").cases {
      let expected = try item.fitted.picture
      let hints = try item.hints.map { try Hints(try $0.picture) }
      let fitted = try fitter.fit(
        try item.lineart.picture, width: expected.width, height: expected.height,
        learned: item.learned[0]...item.learned[1], hints: hints)
      #expect(FlatColorTests.mostApart(fitted.lineart, expected) <= 1, "\(item.name)")
      #expect(try fitted.hints?.picture == item.fitted_hints?.picture, "\(item.name)")
      let placement = Placement(
        down: item.scale[0], across: item.scale[1], left: item.left, top: item.top)
      #expect(fitted.placement == placement, "\(item.name)")
    }
  }

  @Test("has lines whose width Python measures alike") func measured() throws {
    for item in try Goldens.load(RegionTests.Cases.self, "regions").cases {
      let measured = try LineWidth.measure(try item.lineart.picture)
      #expect((measured == nil) == (item.measured == nil), "\(item.name)")
      #expect(abs((measured ?? 0) - (item.measured ?? 0)) < 0.01, "\(item.name)")
    }
  }
}
