import Foundation
import Testing

@testable import NurieKit

@Suite("A manifest") struct ManifestTests {
  struct Cases: Decodable {
    let files: [String: String]
    let sha256: String
    let image, tensor: String
  }
  let cases: Cases

  init() throws { cases = try Goldens.load(Cases.self, "manifests") }

  func read(_ text: String) throws -> ModelManifest {
    try ModelManifest(json: Data(text.utf8), name: "demo.json")
  }

  @Test("of Python's is read whole") func golden() throws {
    let manifest = try read(cases.image)
    #expect(manifest.artifact == "demo.coreml" && manifest.format == .coreml)
    #expect(manifest.recipe == "auto" && manifest.gateDB == 35.5)
    #expect(manifest.target == "iOS16" && manifest.bytes == 123456)
    #expect(manifest.interface.input.name == "lineart" && manifest.interface.input.width == 64)
    #expect(manifest.interface.output.channels == .rgb && manifest.interface.output.scale == 1)
    #expect(manifest.credit.hasPrefix("OpenMoji –") && manifest.tools == ["coremltools": "9.0"])
    let tensor = try read(cases.tensor)
    #expect(tensor.recipe == "fp16" && tensor.gateDB == nil)
    #expect(tensor.target == nil && tensor.interface.input.layout == .nhwc)
    #expect(tensor.interface.input.scale == 1 / 127.5 && tensor.interface.input.bias == -1)
  }

  @Test(
    "is refused with the place of the fault",
    arguments: [
      ("\"nurie-manifest/1\"", "\"nurie-manifest/2\"", "expected nurie-manifest/1"),
      ("\"recipe\"", "\"recept\"", "unknown fields [\"recept\"], missing fields [\"recipe\"]"),
      ("\"layout\": \"NCHW\"", "\"layout\": \"HWCN\"", "$.interface.input.layout"),
      ("\"scale\": 1.0", "\"scale\": 0.0", "$.interface.input.scale"),
      ("\"scale\": 1.0", "\"scale\": \"1\"", "$.interface.input.scale"),
      ("\"bytes\": 123456", "\"bytes\": true", "$.bytes"),
      ("[\n        1,\n        3,", "[\n        1,\n        4,", "$.interface.output.shape"),
      ("{", "", "demo.json is not a manifest"),
    ]) func faults(_ old: String, _ new: String, _ expected: String) throws
  {
    let range = try #require(cases.image.range(of: old), "\(old)")
    let text = cases.image.replacingCharacters(in: range, with: new)
    let said = sentence { _ = try read(text) }
    #expect(said.contains(expected), "\(said)")
  }

  @Test("of an exporter that compresses says how") func compressed() throws {
    var fields = try #require(
      try JSONSerialization.jsonObject(with: Data(cases.image.utf8)) as? [String: Any])
    fields["gate_db"] = 38.5
    fields["details"] = ["weights": "int8"]
    fields["conversion_s"] = 12.5
    fields["conversion_peak_mb"] = 900.0
    let manifest = try ModelManifest(
      json: try JSONSerialization.data(withJSONObject: fields), name: "demo.json")
    #expect(manifest.gateDB == 38.5 && manifest.details == ["weights": "int8"])
    #expect(manifest.conversionSeconds == 12.5 && manifest.conversionPeakMB == 900)
  }

  @Test("that is missing is named") func missing() {
    let said = sentence { _ = try ModelManifest(contentsOf: URL(fileURLWithPath: "/none/x.json")) }
    #expect(said.contains("x.json cannot be read"))
  }

  @Test("names the very bytes of its model, and no others") func hash() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("nurie-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in cases.files {
      let file = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    let manifest = try read(cases.image)
    #expect(try ArtifactHash.sha256(of: folder) == cases.sha256)
    try manifest.requireDescribes(folder)
    try Data("4".utf8).write(to: folder.appendingPathComponent("b.txt"))
    #expect(sentence { try manifest.requireDescribes(folder) }.contains("is not the model"))
  }

  @Test("hashes as FIPS 180-4 does") func sha256() {
    #expect(
      SHA256.hex(of: "abc".utf8)
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hex(of: [])
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      SHA256.hex(of: [UInt8](repeating: 97, count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}
