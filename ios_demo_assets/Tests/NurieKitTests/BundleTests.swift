import Foundation
import Testing

@testable import NurieKit

@Suite("A bundle of models") final class BundleTests {
  struct Cases: Decodable { let index: String }

  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("nurie-\(UUID().uuidString)")
  let index: String

  init() throws {
    index = try Goldens.load(Cases.self, "bundles").index
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("golden"), withIntermediateDirectories: true)
    for name in ["golden/cat-lineart.png", "golden/cat-color.png"] {
      // The bytes that the golden index names: no picture, but a decoder stands in below.
      try Data(name.utf8).write(to: folder.appendingPathComponent(name))
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func bundle(_ text: String) throws -> ModelBundle {
    try Data(text.utf8).write(to: folder.appendingPathComponent("index.json"))
    return try ModelBundle(contentsOf: folder)
  }

  func decoded(_ count: Int) throws -> Picture {
    try Picture(
      width: 3, height: 2, channels: count == 1 ? .grey : .rgb,
      bytes: (0..<UInt8(6 * count)).map { $0 })
  }

  @Test("of Python's is read whole") func golden() throws {
    let bundle = try bundle(index)
    #expect(bundle.models.map(\.artifact) == ["demo-fp16.mlpackage"])
    #expect(bundle.models[0].gatePSNRDB == 45 && bundle.golden.map(\.name) == ["cat"])
    #expect(bundle.checkpointSHA256 == String(repeating: "ab", count: 32))
    let lineart = try bundle.picture(bundle.golden[0].lineart) { _ in try decoded(1) }
    #expect(lineart.channels == .grey)
    #expect(try bundle.picture(bundle.golden[0].color) { _ in try decoded(3) }.channels == .rgb)
  }

  @Test("refuses a picture that this system decodes to other pixels") func pixels() throws {
    let bundle = try bundle(index)
    let said = sentence {
      _ = try bundle.picture(bundle.golden[0].lineart) { _ in try .paper(width: 3, height: 2) }
    }
    #expect(said.contains("decodes other pixels than Python wrote"))
  }

  @Test("refuses a picture whose bytes changed, and one that is missing") func bytes() throws {
    let bundle = try bundle(index)
    let file = folder.appendingPathComponent("golden/cat-lineart.png")
    try Data("x".utf8).write(to: file)
    let changed = sentence {
      _ = try bundle.picture(bundle.golden[0].lineart) { _ in try decoded(1) }
    }
    #expect(changed.contains("not those that the index names"))
    try FileManager.default.removeItem(at: file)
    let missing = sentence {
      _ = try bundle.picture(bundle.golden[0].lineart) { _ in try decoded(1) }
    }
    #expect(missing.contains("golden/cat-lineart.png cannot be used"))
  }

  @Test(
    "is refused with the place of the fault",
    arguments: [
      ("nurie-bundle/1", "nurie-bundle/2", "expected nurie-bundle/1, received nurie-bundle/2"),
      ("\"recipe\"", "\"recipes\"", "$.models[0]: unknown fields [\"recipes\"]"),
      ("\"width\": 3", "\"width\": \"3\"", "$.golden[0].lineart.width"),
    ]) func faults(_ old: String, _ new: String, _ expected: String) throws
  {
    let range = try #require(index.range(of: old))
    let said = sentence { _ = try bundle(index.replacingCharacters(in: range, with: new)) }
    #expect(said.contains(expected), "\(said)")
  }

  @Test("names no file outside itself") func outside() throws {
    let text = index.replacingOccurrences(of: "demo-fp16.mlpackage", with: "../secret")
    let bundle = try bundle(text)
    #expect(sentence { _ = try bundle.url(of: bundle.models[0]) }.contains("inside the bundle"))
  }

  @Test("has a manifest beside each model, and refuses another one's") func manifest() throws {
    struct Manifests: Decodable { let image: String }
    let bundle = try bundle(index)
    let text = try Goldens.load(Manifests.self, "manifests").image
    let place = folder.appendingPathComponent("demo-fp16.mlpackage.json")
    try Data(text.utf8).write(to: place)
    #expect(
      sentence { _ = try bundle.manifest(of: bundle.models[0]) }
        .contains("name different models"))
    let sha256 = try ModelManifest(json: Data(text.utf8), name: "").sha256
    let right = text.replacingOccurrences(of: sha256, with: bundle.models[0].sha256)
    try Data(right.utf8).write(to: place)
    #expect(try bundle.manifest(of: bundle.models[0]).recipe == "fp16")
  }

  @Test("is found in a folder of bundles; a folder of none has none") func all() throws {
    #expect(try ModelBundle.all(in: folder).isEmpty)
    let bundle = try bundle(index)
    #expect(try ModelBundle.all(in: folder) == [bundle])
    let parent = folder.deletingLastPathComponent().appendingPathComponent(
      "no-\(UUID().uuidString)")
    #expect(sentence { _ = try ModelBundle.all(in: parent) }.contains("cannot be read"))
  }
}
