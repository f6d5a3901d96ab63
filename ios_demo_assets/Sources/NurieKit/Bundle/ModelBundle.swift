import Foundation

/// A folder written by benchmarks.ios_bundle: models, manifests and golden drawings,
/// `nurie-bundle/2`.
public struct ModelBundle: Equatable, Sendable {
  /// The version that this file understands.
  public static let version = "nurie-bundle/2"
  /// The file that names everything else.
  public static let indexName = "index.json"

  /// The folder.
  public let folder: URL
  /// Of the weights that all its models were exported from.
  public let checkpointSHA256: String
  /// Core ML packages.
  public let models: [BundledModel]
  /// Drawings to prove a model with.
  public let golden: [GoldenDrawing]

  /// Reads the index of a bundle. Throws if there is none, or it is of another version.
  public init(contentsOf folder: URL) throws(NurieError) {
    let index: Index
    do {
      let json = try Data(contentsOf: folder.appendingPathComponent(Self.indexName))
      index = try JSONDecoder().decode(Index.self, from: json)
    } catch {
      throw .golden(
        "\(folder.lastPathComponent) is no bundle of models: \(StrictKeys.sentence(of: error)). "
          + "Expected a folder that benchmarks.ios_bundle wrote: write it again with "
          + "--overwrite.")
    }
    self.folder = folder
    checkpointSHA256 = index.checkpointSHA256
    models = index.models
    golden = index.golden
  }

  /// Every bundle in a folder, and the folder itself if it is one, in order of their names.
  public static func all(in folder: URL) throws(NurieError) -> [ModelBundle] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    } catch {
      throw .golden(
        "\(folder.lastPathComponent) cannot be read (\(error.localizedDescription)). Expected the "
          + "folder that benchmarks.ios_bundle fills.")
    }
    var bundles: [ModelBundle] = []
    for place in [folder] + names.map({ folder.appendingPathComponent($0) }) {
      let index = place.appendingPathComponent(indexName).path
      if FileManager.default.fileExists(atPath: index) {
        bundles.append(try ModelBundle(contentsOf: place))
      }
    }
    return bundles
  }

  /// Where a model of this bundle stands. Throws for a path that leaves the bundle.
  public func url(of model: BundledModel) throws(NurieError) -> URL {
    try url(ofFile: model.artifact)
  }

  /// The manifest of a model. Throws if it describes another model than the index, or
  /// another gate.
  public func manifest(of model: BundledModel) throws(NurieError) -> ModelManifest {
    let manifest = try ModelManifest(contentsOf: ModelManifest.url(of: try url(of: model)))
    guard manifest.sha256 == model.sha256, manifest.checkpointSHA256 == checkpointSHA256 else {
      throw .manifest(
        "\(model.artifact): its manifest and the bundle's index name different models. Write the "
          + "bundle again with --overwrite.")
    }
    guard manifest.gateDB == nil || manifest.gateDB == model.gatePSNRDB else {
      throw .manifest(
        "\(model.artifact) was made to reach \(manifest.gateDB ?? 0) dB, but the bundle's index "
          + "holds it to \(model.gatePSNRDB). Write the bundle again with --overwrite.")
    }
    return manifest
  }

  /// A golden picture, proven to be the pixels that Python wrote.
  ///
  /// decode turns the PNG file's bytes into pixels: the system's decoders are no part of NurieKit.
  public func picture(
    _ golden: GoldenPicture, decode: (Data) throws -> Picture
  ) throws(NurieError) -> Picture {
    let picture: Picture
    do {
      let data = try Data(contentsOf: try url(ofFile: golden.file))
      guard SHA256.hex(of: data) == golden.sha256 else {
        throw NurieError.golden("its bytes are not those that the index names")
      }
      picture = try decode(data)
    } catch {
      throw .golden(
        "\(golden.file) cannot be used: \(error.localizedDescription). Copy the bundle again.")
    }
    guard picture.width == golden.width, picture.height == golden.height,
      SHA256.hex(of: picture.bytes) == golden.pixelsSHA256
    else {
      throw .golden(
        "\(golden.file): this system decodes other pixels than Python wrote, so that nothing "
          + "compared with it would mean anything. Expected an 8-bit PNG without a colour profile.")
    }
    return picture
  }

  private func url(ofFile path: String) throws(NurieError) -> URL {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.isEmpty, !parts.contains(""), !parts.contains("."), !parts.contains("..") else {
      throw .golden("The index names \"\(path)\". Expected a path inside the bundle.")
    }
    return folder.appendingPathComponent(path)
  }

  private struct Index: Decodable {
    let checkpointSHA256: String
    let models: [BundledModel]
    let golden: [GoldenDrawing]

    enum CodingKeys: String, CodingKey, CaseIterable {
      case bundle
      case checkpointSHA256 = "checkpoint_sha256"
      case models, golden
    }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      let version = try fields.decodeIfPresent(String.self, forKey: .bundle)
      try StrictKeys.require(
        version: ModelBundle.version, received: version, at: .bundle, in: fields)
      try StrictKeys.require(CodingKeys.self, in: decoder)
      checkpointSHA256 = try fields.decode(String.self, forKey: .checkpointSHA256)
      models = try fields.decode([BundledModel].self, forKey: .models)
      golden = try fields.decode([GoldenDrawing].self, forKey: .golden)
    }
  }
}
