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

  @Test("is refused with Python's reason where it shows no lines") func refused() throws {
    for item in try Goldens.load(Cases.self, "cleaning").refused {
      let picture = try item.picture.picture
      #expect(sentence { _ = try Cleaned(picture) } == item.reason, "\(item.name)")
    }
  }
}
