import Foundation
import Testing

@testable import NurieKit

@Suite("Golden files") struct GoldenFilesTests {
  struct Index: Decodable {
    let goldens: String
    let sha256: [String: String]
  }

  @Test("are the bytes that the index names, and no others") func bytes() throws {
    let index = try Goldens.load(Index.self, "index")
    #expect(index.goldens == "nurie-swift-goldens/1")
    for (file, sha256) in index.sha256 {
      #expect(SHA256.hex(of: try Goldens.data(file)) == sha256, "\(file)")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: try Goldens.folder().path)
    #expect(Set(names) == Set(index.sha256.keys).union(["index.json"]))
  }
}
