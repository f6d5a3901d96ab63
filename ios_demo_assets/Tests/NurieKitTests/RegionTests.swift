import Foundation
import Testing

@testable import NurieKit

@Suite("Regions") struct RegionTests {
  struct Cases: Decodable {
    struct Map: Decodable {
      let line_width: Double
      let labels: Goldens.Runs
    }
    struct Case: Decodable {
      let name: String
      let lineart: Goldens.Runs
      let measured: Double?
      let maps: [Map]
    }
    let cases: [Case]
  }

  @Test("have Python's labels, pixel by pixel") func golden() throws {
    var finder = Labelling()  // the same memory for drawings of all sizes
    for item in try Goldens.load(Cases.self, "regions").cases {
      for expected in item.maps {
        let found = finder.find(
          Plane(try item.lineart.picture), lineWidth: expected.line_width)
        let labels = expected.labels.pixels.map { Int32($0[0]) | Int32($0[1]) << 8 }
        #expect(found.labels == labels, "\(item.name), lines of \(expected.line_width)")
        #expect(found.count == Int(labels.max() ?? 0) + 1)
      }
    }
  }
}
