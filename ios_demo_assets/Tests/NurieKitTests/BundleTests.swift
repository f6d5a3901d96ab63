import Foundation
import Testing

@testable import NurieKit
@testable import NurieReport

@Suite("A bundle of models") final class BundleTests {
  struct Cases: Decodable { let index: String }

  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("nurie-\(UUID().uuidString)")
  let index: String

  init() throws {
    index = try Goldens.load(Cases.self, "bundles").index
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("golden"), withIntermediateDirectories: true)
    for name in ["cat-lineart", "cat-color", "cat-4-hints-hints", "cat-4-hints-color"] {
      // The bytes that the golden index names: no picture, but a decoder stands in below.
      let file = "golden/\(name).png"
      try Data(file.utf8).write(to: folder.appendingPathComponent(file))
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func bundle(_ text: String) throws -> ModelBundle {
    try Data(text.utf8).write(to: folder.appendingPathComponent("index.json"))
    return try ModelBundle(contentsOf: folder)
  }

  func decoded(_ count: Int) throws -> Picture {
    try Picture(
      width: 3, height: 2, channels: try #require(Picture.Channels(rawValue: count)),
      bytes: (0..<UInt8(6 * count)).map { $0 })
  }

  @Test("of Python's is read whole") func golden() throws {
    let bundle = try bundle(index)
    #expect(bundle.models.map(\.artifact) == ["demo-fp16.mlpackage", "demo-auto.mlpackage"])
    #expect(
      bundle.models.map(\.gatePSNRDB) == [45, 35.5]
        && bundle.golden.map(\.name) == ["cat", "cat-4-hints"])
    #expect(bundle.checkpointSHA256 == String(repeating: "ab", count: 32))
    let lineart = try bundle.picture(bundle.golden[0].lineart) { _ in try decoded(1) }
    #expect(lineart.channels == .grey)
    #expect(try bundle.picture(bundle.golden[0].color) { _ in try decoded(3) }.channels == .rgb)
    #expect(bundle.golden[0].hintCount == 0 && bundle.golden[0].hints == nil)
    #expect(bundle.golden[1].hintCount == 4)
    let hints = try #require(bundle.golden[1].hints)
    #expect(try Hints(bundle.picture(hints) { _ in try decoded(4) }).picture == decoded(4))
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
      ("nurie-bundle/2", "nurie-bundle/1", "expected nurie-bundle/2, received nurie-bundle/1. "),
      ("nurie-bundle/2", "nurie-bundle/3", "which a newer Nurie wrote: update this app"),
      ("\"hint_count\": 0", "\"hint_count\": 1", "$.golden[0].hint_count: expected hints where"),
      ("\"hints\": null,", "", "$.golden[0]: missing fields [\"hints\"]"),
      ("\"recipe\"", "\"recipes\"", "$.models[0]: missing fields [\"recipe\"]"),
      ("\"width\": 3", "\"width\": \"3\"", "$.golden[0].lineart.width"),
      ("\"gate_psnr_db\": 45.0", "\"gate_psnr_db\": null", "$.models[0].gate_psnr_db"),
    ]) func faults(_ old: String, _ new: String, _ expected: String) throws
  {
    let range = try #require(index.range(of: old))
    let said = sentence { _ = try bundle(index.replacingCharacters(in: range, with: new)) }
    #expect(said.contains(expected), "\(said)")
  }

  @Test("of a later Nurie within the version is read: what it adds is ignored") func added() throws
  {
    let text = index.replacingOccurrences(of: "\"name\":", with: "\"added\": 1, \"name\":")
      .replacingOccurrences(of: "\"artifact\":", with: "\"added\": [], \"artifact\":")
      .replacingOccurrences(of: "\"models\":", with: "\"added\": {}, \"models\":")
      .replacingOccurrences(of: "\"file\":", with: "\"added\": null, \"file\":")
    #expect(try bundle(text) == bundle(index))
  }

  @Test("names no file outside itself") func outside() throws {
    let text = index.replacingOccurrences(of: "demo-fp16.mlpackage", with: "../secret")
    let bundle = try bundle(text)
    #expect(sentence { _ = try bundle.url(of: bundle.models[0]) }.contains("inside the bundle"))
  }

  /// Puts the golden manifest beside the second model, whose recipe and gate are its own.
  func writeManifest(_ old: String = "", _ new: String = "") throws {
    let text = try Goldens.load(ManifestTests.Cases.self, "manifests").image
    try Data(text.replacingOccurrences(of: old, with: new).utf8)
      .write(to: folder.appendingPathComponent("demo-auto.mlpackage.json"))
  }

  @Test("has a manifest beside each model, and refuses another one's") func manifest() throws {
    let bundle = try bundle(index)
    try writeManifest()
    let model = bundle.models[1]
    #expect(sentence { _ = try bundle.manifest(of: model) }.contains("name different models"))
    let cases = try Goldens.load(ManifestTests.Cases.self, "manifests")
    try writeManifest(cases.sha256, model.sha256)
    let manifest = try bundle.manifest(of: model)
    #expect(manifest.recipe == "auto" && manifest.gateDB == model.gatePSNRDB)
    #expect(ReportArtifact(manifest).gateDB == 35.5)
  }

  @Test("holds a model to the gate that it was made to reach, and no other") func gate() throws {
    let said = index.replacingOccurrences(of: "35.5", with: "30.5")
    let bundle = try bundle(said)
    let model = bundle.models[1]
    let cases = try Goldens.load(ManifestTests.Cases.self, "manifests")
    try writeManifest(cases.sha256, model.sha256)
    #expect(
      sentence { _ = try bundle.manifest(of: model) }
        .contains("made to reach 35.5 dB, but the bundle's index holds it to 30.5"))
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
