import Foundation
import Testing

@testable import NurieKit

@Suite("A cleaned picture") struct CleaningTests {
  struct Cases: Decodable {
    struct Case: Decodable {
      let name: String
      let picture: Goldens.Runs, lineart: Goldens.Runs
      let notes: [String]
    }
    struct Refused: Decodable {
      let name: String
      let picture: Goldens.Runs
      let reason: String
    }
    let cases: [Case]
    let refused: [Refused]
  }

  @Test("is Python's within one grey level, and says the same of what was done") func golden()
    throws
  {
    for item in try Goldens.load(Cases.self, "cleaning").cases {
      let cleaned = try Cleaned(try item.picture.picture)
      #expect(cleaned.notes == item.notes, "\(item.name)")
      let expected = try item.lineart.picture
      let away = zip(cleaned.lineart.bytes, expected.bytes).map { abs(Int($0) - Int($1)) }
      #expect(away.max() ?? 0 <= 1, "\(item.name)")
    }
  }

  /// A sheet of paper with a line and, below it, one pixel.
  static func sheet(paper: UInt8, line: UInt8, pixel: UInt8) throws -> Picture {
    var bytes = [UInt8](repeating: paper, count: 40 * 30)
    for x in 3..<37 { bytes[10 * 40 + x] = line }
    bytes[20 * 40 + 9] = pixel
    return try Picture(width: 40, height: 30, channels: .grey, bytes: bytes)
  }

  @Test("is what it was where it was clean") func clean() throws {
    let sheet = try Self.sheet(paper: 255, line: 0, pixel: 100)
    let cleaned = try Cleaned(sheet)
    #expect(cleaned.lineart == sheet && cleaned.notes.isEmpty)
  }

  @Test("has white paper: all levels times 255 / 200 where it was 200") func toned() throws {
    let cleaned = try Cleaned(try Self.sheet(paper: 200, line: 0, pixel: 100))
    // 127.5, halves to even.
    #expect(cleaned.lineart == (try Self.sheet(paper: 255, line: 0, pixel: 128)))
    #expect(cleaned.notes == ["paper: set to white from 200"])
  }

  @Test("has dark lines on light paper where it was the other way round") func inverted() throws {
    let cleaned = try Cleaned(try Self.sheet(paper: 0, line: 255, pixel: 155))
    #expect(cleaned.lineart == (try Self.sheet(paper: 255, line: 0, pixel: 100)))
    #expect(cleaned.notes == ["inverted: light lines on dark"])
  }

  @Test("is refused with Python's reason where it shows no lines") func refused() throws {
    for item in try Goldens.load(Cases.self, "cleaning").refused {
      let picture = try item.picture.picture
      #expect(sentence { _ = try Cleaned(picture) } == item.reason, "\(item.name)")
    }
  }
}
