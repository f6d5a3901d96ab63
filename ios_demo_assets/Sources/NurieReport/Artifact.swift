import NurieKit

/// The exported model, as its manifest names it.
public struct ReportArtifact: Codable, Equatable, Sendable {
  /// Kinds of files.
  public enum Format: String, Codable, Sendable {
    /// Core ML.
    case mlpackage
    /// TensorFlow Lite.
    case tflite
    /// ONNX.
    case onnx
    /// Core AI.
    case aimodel
  }

  /// What a report says of the model that a manifest describes.
  public init(_ manifest: ModelManifest, spec: Int? = nil) {
    let format: Format =
      switch manifest.format {
      case .coreml: .mlpackage
      case .tflite: .tflite
      case .onnx: .onnx
      case .coreai: .aimodel
      }
    self.init(
      sha256: manifest.sha256, format: format, spec: spec,
      recipe: manifest.recipe, gateDB: manifest.gateDB, width: manifest.interface.width,
      height: manifest.interface.height, bytes: manifest.bytes,
      checkpointSHA256: manifest.checkpointSHA256, tools: manifest.tools)
  }

  /// Of the model's bytes.
  public let sha256: String
  /// What kind of file it is.
  public let format: Format
  /// Core ML specification version, where it can be read.
  public let spec: Int?
  /// How its weights are stored.
  public let recipe: String
  /// PSNR that it was made to reach, in dB; nil, and not written, where its recipe's gate holds.
  public let gateDB: Double?
  /// Pixels in a row of its pictures; nil: a report of version 1.
  public let width: Int?
  /// Rows of its pictures.
  public let height: Int?
  /// Of the file, or of all files of the package.
  public let bytes: Int
  /// Of the weights that it was exported from.
  public let checkpointSHA256: String
  /// What exported it: package -> version.
  public let tools: [String: String]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case sha256
    case format
    case spec
    case recipe
    case gateDB = "gate_db"
    case width, height
    case bytes
    case checkpointSHA256 = "checkpoint_sha256"
    case tools
  }

  /// Takes the values as they are; `DeviceReport.faults` finds what is wrong with them.
  package init(
    sha256: String, format: Format, spec: Int? = nil, recipe: String, gateDB: Double? = nil,
    width: Int?, height: Int?, bytes: Int, checkpointSHA256: String, tools: [String: String]
  ) {
    self.sha256 = sha256
    self.format = format
    self.spec = spec
    self.recipe = recipe
    self.gateDB = gateDB
    self.width = width
    self.height = height
    self.bytes = bytes
    self.checkpointSHA256 = checkpointSHA256
    self.tools = tools
  }
}
