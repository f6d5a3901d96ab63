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
        let found = try finder.find(
          Plane(try item.lineart.picture), lineWidth: expected.line_width)
        let labels = expected.labels.pixels.map { Int32($0[0]) | Int32($0[1]) << 8 }
        #expect(found.labels == labels, "\(item.name), lines of \(expected.line_width)")
        #expect(found.count == Int(labels.max() ?? 0) + 1)
      }
    }
  }

  @Test("lie on both sides of a line, whose ink goes to the one on its right") func wall() throws {
    let row: [UInt8] = [255, 255, 255, 0, 255, 255]
    let map = try RegionMap(try grey([row, row, row]), lineWidth: 1)
    #expect(map.labels == [0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1])
    #expect(map.count == 2)
  }

  @Test("that show less than four pixels of paper belong to a neighbour") func tiny() throws {
    // Three pixels of paper between two lines; both borders are as long, the first one wins.
    let row: [UInt8] = [255, 255, 0, 255, 0, 255, 255]
    let map = try RegionMap(try grey([row, row, row]), lineWidth: 1)
    #expect(map.labels == (0..<3).flatMap { _ in [0, 0, 0, 0, 1, 1, 1] as [Int32] })
  }

  @Test("end at a gap in a line that is no wider than the line", arguments: [(2, 2), (12, 1)])
  func gap(of pixels: Int, regions: Int) throws {
    // Balls of radius 2 and 1, a sixteenth of the sheet and less, do not pass 2 pixels.
    var bytes = [UInt8](repeating: 255, count: 33 * 32)
    for y in 0..<32 where y < 15 || y >= 15 + pixels { bytes[y * 33 + 16] = 0 }
    let lineart = try Picture(width: 33, height: 32, channels: .grey, bytes: bytes)
    let map = try RegionMap(lineart, lineWidth: 2)
    #expect(map.count == regions)
    #expect((map.labels[15 * 33 + 15] == map.labels[15 * 33 + 17]) == (regions == 1))
  }
}
