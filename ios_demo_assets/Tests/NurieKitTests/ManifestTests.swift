import Foundation
import Testing

@testable import NurieKit

@Suite("A manifest") struct ManifestTests {
  struct Cases: Decodable {
    let files: [String: String]
    let sha256: String
    let image, tensor, hints, hints_tensor: String
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
    #expect(manifest.interface.lineart.name == "lineart" && manifest.interface.width == 64)
    #expect(!manifest.interface.takesHints && !manifest.interface.underInk)
    #expect(manifest.lineWidthPX == nil && manifest.trainedPX == 64)
    let usual = 2.0 / 72 * 64  // as OpenMoji draws
    #expect(manifest.linesPX == usual...usual)
    #expect(manifest.conversionSeconds == 1.5 && manifest.conversionPeakMB == 900)
    #expect(manifest.interface.output.channels == .rgb && manifest.interface.output.scale == 1)
    #expect(manifest.credit.hasPrefix("OpenMoji –") && manifest.tools == ["coremltools": "9.0"])
    let tensor = try read(cases.tensor)
    #expect(tensor.recipe == "fp16" && tensor.gateDB == nil)
    #expect(tensor.sizes == [[64, 64], [96, 128]] && tensor.anyBatch)
    #expect(manifest.sizes == [[64, 64]] && !manifest.anyBatch)
    #expect(tensor.target == nil && tensor.interface.lineart.layout == .nhwc)
    #expect(tensor.interface.lineart.scale == 1 / 127.5 && tensor.interface.lineart.bias == -1)
  }

  @Test("of a net with hints says what it takes, and that it paints a layer") func hints() throws {
    let manifest = try read(cases.hints)
    let usual = 2.0 / 72 * Double(manifest.trainedPX)
    #expect(manifest.interface.takesHints && manifest.interface.underInk)
    #expect(manifest.interface.inputs.map(\.name) == ["lineart", "hint_color", "hint_mask"])
    #expect(manifest.interface.inputs.map(\.colors) == [.gray, .rgb, .gray])
    #expect(
      manifest.interface.output.name == "layer" && manifest.lineWidthPX == 1...4
        && manifest.linesPX == (0.85 * usual)...(1.25 * usual))
    let tensor = try read(cases.hints_tensor)
    #expect(tensor.format == .tflite && tensor.interface.inputs[1].colors == .rgba)
    #expect(tensor.interface.inputs.map(\.dtype) == [.uint8, .uint8])
  }

  @Test(
    "is refused with the place of the fault",
    arguments: [
      (
        "nurie-manifest/3", "nurie-manifest/2",
        "expected nurie-manifest/3, received nurie-manifest/2. Expected"
      ),
      (
        "nurie-manifest/3", "nurie-manifest/4",
        "received nurie-manifest/4, which a newer Nurie wrote: update this app"
      ),
      ("nurie-manifest/3", "nurie-bundle/9", "received nurie-bundle/9. Expected"),
      ("\"recipe\"", "\"recept\"", "missing fields [\"recipe\"]"),
      ("\"layout\": \"NCHW\"", "\"layout\": \"HWCN\"", "$.interface.inputs[0].layout"),
      ("\"scale\": 1.0", "\"scale\": 0.0", "$.interface.inputs[0].scale"),
      ("\"scale\": 1.0", "\"scale\": \"1\"", "$.interface.inputs[0].scale"),
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

  @Test("of a net that takes any image is given the drawing, in three channels where it is RGB")
  func image() throws {
    let image = cases.image.replacingOccurrences(of: "\"lineart\"", with: "\"image\"")
      .replacingOccurrences(of: "\"name\": \"color\"", with: "\"name\": \"result\"")
    let grey = Picture(
      width: 64, height: 64, channels: .grey, unchecked: (0..<4096).map { UInt8($0 % 251) })
    let taken = try #require(try read(image).interface.pictures(lineart: grey, hints: nil).first)
    #expect(taken.port.name == "image" && taken.picture == grey)
    let inColor = try read(
      image.replacingOccurrences(of: "\"gray\"", with: "\"rgb\"")
        .replacingOccurrences(
          of: "          1,\n          1,\n          64",
          with: "          1,\n          3,\n          64"))
    let rgb = try #require(try inColor.interface.pictures(lineart: grey, hints: nil).first)
    #expect(rgb.picture.channels == .rgb)
    #expect(Array(rgb.picture.bytes[3..<6]) == [1, 1, 1])
    #expect(throws: NurieError.self) {
      try read(image.replacingOccurrences(of: "\"name\": \"result\"", with: "\"name\": \"color\""))
    }
  }

  @Test(
    "of ports that no model of Nurie has is refused",
    arguments: [
      ("\"lineart\"", "\"drawing\"", "$.interface.inputs: expected grey lineart alone"),
      (
        "\"hint_mask\"", "\"mask\"",
        "received [\"gray lineart\", \"rgb hint_color\", \"gray mask\"]"
      ),
      (
        "\"under_ink\": true", "\"under_ink\": false", "expected RGB color where under_ink is false"
      ),
      ("\"under_ink\": true", "\"under_ink\": 1", "$.interface.under_ink"),
      ("\"trained_px\": 64", "\"trained_px\": 0", "$.trained_px: expected 1 pixel"),
      ("\"any_batch\": false", "\"any_batch\": 0", "$.any_batch"),
      ("\"sizes\": [\n    [\n      64", "\"sizes\": [\n    [\n      32", "that of the ports first"),
      ("\"stride_px\"", "\"stride\"", "missing fields [\"stride_px\"]"),
      ("    1.0,\n    4.0", "    4.0,\n    1.0", "received [4.0, 1.0]"),
      ("        64,\n        64", "        64,\n        32", "of one size"),
    ]) func ports(_ old: String, _ new: String, _ expected: String) throws
  {
    let range = try #require(cases.hints.range(of: old), "\(old)")
    let said = sentence { _ = try read(cases.hints.replacingCharacters(in: range, with: new)) }
    #expect(said.contains(expected), "\(said)")
  }

  @Test("of a later Nurie within the version is read: what it adds is ignored") func added() throws
  {
    let added = "\"added_later\": {\"any\": [1]},"
    let text = cases.hints.replacingOccurrences(of: "\"name\":", with: "\(added) \"name\":")
      .replacingOccurrences(of: "\"under_ink\":", with: "\(added) \"under_ink\":")
      .replacingOccurrences(of: "\"recipe\":", with: "\(added) \"recipe\":")
    #expect(text.components(separatedBy: added).count == 7)
    #expect(try read(text) == read(cases.hints))
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
      SHA256.hex(of: Data("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hex(of: Data())
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      SHA256.hex(of: [UInt8](repeating: 97, count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}
