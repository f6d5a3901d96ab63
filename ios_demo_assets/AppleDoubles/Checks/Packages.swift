import CoreML
import Foundation
import NurieCoreAI
import NurieCoreML
import NurieKit

/// A package or an asset that the doubles run, with its manifest, in a folder of its own.
struct DoublePackage {
  enum Kind: String {
    case package = "mlpackage"
    case asset = "aimodel"
  }

  static let checkpoint = String(repeating: "ab", count: 32)

  let url: URL
  let manifest: ModelManifest
  let cache: CompiledModelCache

  /// behaviour: fields of `double.json`; said: what the manifest says instead of the truth.
  /// cache: of another package, to share; nil: one of its own.
  init(
    _ width: Int, _ height: Int, _ behaviour: [String: Any] = [:], said: [String: Any] = [:],
    kind: Kind = .package, cache shared: CompiledModelCache? = nil
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    let name = "double.\(kind.rawValue)"
    url = folder.appendingPathComponent(name)
    cache = shared ?? CompiledModelCache(folder: folder.appendingPathComponent("cache"))
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    let told: [String: Any] = ["width": width, "height": height, "checkpoint": Self.checkpoint]
    try JSONSerialization.data(withJSONObject: told.merging(behaviour) { $1 })
      .write(to: url.appendingPathComponent("double.json"))
    let described = told.merging(behaviour) { $1 }.merging(said) { $1 }
    let pictures = described["pictures"] as? Bool ?? (kind == .package)
    let isAsset = kind == .asset
    let wide = said["width"] as? Int ?? width
    let output = described["output"] as? String ?? "color"
    func port(_ name: String, _ colors: String, _ channels: Int) -> [String: Any] {
      [
        "name": name, "kind": pictures ? "image" : "tensor",
        "shape": isAsset ? [1, height, wide, channels] : [1, channels, height, wide],
        "layout": isAsset ? "NHWC" : "NCHW",
        "dtype": pictures ? "uint8" : "float32", "colors": colors,
        "scale": pictures ? 1 : 2 / 255.0, "bias": pictures ? 0 : -1,
      ]
    }
    let hints =
      described["hints"] as? Bool ?? false
      ? isAsset
        ? [port("hints", "rgb_mask", 4)]
        : [port("hint_color", "rgb", 3), port("hint_mask", "gray", 1)] : []
    let fields: [String: Any] = [
      "manifest": ModelManifest.version, "artifact": name,
      "format": isAsset ? "coreai" : "coreml",
      "recipe": "fp16", "target": "iOS16", "bytes": 1,
      "sha256": try ArtifactHash.sha256(of: url), "checkpoint": "none",
      "checkpoint_sha256": Self.checkpoint,
      "interface": [
        "inputs": [port("lineart", "gray", 1)] + hints, "output": port(output, "rgb", 3),
        "under_ink": output == "layer",
      ],
      "sizes": described["sizes"] ?? [[height, wide]], "any_batch": false,
      "line_width_px": described["line_width_px"] ?? NSNull(), "trained_px": 1, "stride_px": 1,
      "gate_db": NSNull(), "details": [String: String](), "conversion_s": 0,
      "conversion_peak_mb": 0, "source": "", "licence": "", "credit": "",
      "tools": [String: String](),
    ]
    manifest = try ModelManifest(
      json: try JSONSerialization.data(withJSONObject: fields), name: "\(name).json")
  }

  /// What stands in the cache, and in the folder where the system compiles: nothing hidden left out.
  var files: [String] {
    [cache.folder, MLModel.compiled].flatMap {
      (try? FileManager.default.contentsOfDirectory(atPath: $0.path)) ?? []
    }.filter { !$0.hasSuffix(".used") }
  }

  func asset(_ units: AssetUnits = .all) async throws -> ColoringAsset {
    try await ColoringAsset(contentsOf: url, manifest: manifest, units: units)
  }

  func load(_ units: ComputeUnits = .all) async throws -> ColoringModel {
    try await ColoringModel.load(
      package: url, manifest: manifest, computeUnits: units, cache: cache)
  }
}
