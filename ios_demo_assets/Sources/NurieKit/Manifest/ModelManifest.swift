import Foundation

/// The JSON beside an exported model, `nurie-manifest/3`, as conversion/manifest.py writes it.
///
/// Everything an app needs to know of a model stands here: nothing is retyped in Swift.
public struct ModelManifest: Decodable, Equatable, Sendable {
  /// The version that this file understands.
  public static let version = "nurie-manifest/3"

  /// The framework that runs the model.
  public enum Format: String, Codable, Sendable {
    /// Core ML, an .mlpackage.
    case coreml
    /// TensorFlow Lite.
    case tflite
    /// ONNX.
    case onnx
    /// Core AI, an .aimodel.
    case coreai
  }

  /// File or folder name of the model, beside the manifest.
  public let artifact: String
  /// The framework that runs the model.
  public let format: Format
  /// How its weights are stored, such as fp16.
  public let recipe: String
  /// Oldest system that must run it, such as iOS16; nil where the format has none.
  public let target: String?
  /// Of the file, or of all files of the package.
  public let bytes: Int
  /// Of the artifact: see `ArtifactHash`.
  public let sha256: String
  /// The folder that it was made from, as it was named then.
  public let checkpoint: String
  /// Hash of that folder's weights.
  public let checkpointSHA256: String
  /// Both ends of the model: at the first of its sizes, or at the one that `serving` chose.
  public internal(set) var interface: Interface
  /// Height and width of the pictures that it serves, those of the file's interface first.
  public let sizes: [[Int]]
  /// It takes several pictures at once: the first axis of its ports is open.
  public let anyBatch: Bool
  /// Thinnest and thickest line that the net learned, in pixels of the model; nil: nobody knows.
  public let lineWidthPX: ClosedRange<Double>?
  /// Shorter side of the pictures that it was trained on. The model itself takes its `sizes`.
  public let trainedPX: Int
  /// The sides of an export for other pictures are multiples of it.
  public let stridePX: Int
  /// PSNR that the model was made to reach, in dB; nil where the gate of its recipe holds.
  public let gateDB: Double?
  /// How the recipe was carried out, in words for people.
  public let details: [String: String]
  /// Seconds that the conversion took.
  public let conversionSeconds: Double
  /// Most memory that the converting process had held, in MB.
  public let conversionPeakMB: Double
  /// Where the training pictures came from.
  public let source: String
  /// Their licence.
  public let licence: String
  /// Whom to name beside what the model draws.
  public let credit: String
  /// Package -> version.
  public let tools: [String: String]

  enum CodingKeys: String, CodingKey, CaseIterable {
    case manifest, artifact, format, recipe, target, bytes, sha256, checkpoint
    case checkpointSHA256 = "checkpoint_sha256"
    case interface, sizes
    case anyBatch = "any_batch"
    case lineWidthPX = "line_width_px"
    case trainedPX = "trained_px"
    case stridePX = "stride_px"
    case gateDB = "gate_db"
    case details
    case conversionSeconds = "conversion_s"
    case conversionPeakMB = "conversion_peak_mb"
    case source, licence, credit, tools
  }

  /// Reads a manifest: the version known, no field missing; fields that are not known are ignored.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let version = try fields.decodeIfPresent(String.self, forKey: .manifest)
    try StrictKeys.require(
      version: Self.version, received: version, at: .manifest, in: fields)
    try StrictKeys.require(CodingKeys.self, in: decoder)
    artifact = try fields.decode(String.self, forKey: .artifact)
    format = try fields.decode(Format.self, forKey: .format)
    recipe = try fields.decode(String.self, forKey: .recipe)
    target = try fields.decodeIfPresent(String.self, forKey: .target)
    bytes = try fields.decode(Int.self, forKey: .bytes)
    sha256 = try fields.decode(String.self, forKey: .sha256)
    checkpoint = try fields.decode(String.self, forKey: .checkpoint)
    checkpointSHA256 = try fields.decode(String.self, forKey: .checkpointSHA256)
    interface = try fields.decode(Interface.self, forKey: .interface)
    sizes = try fields.decode([[Int]].self, forKey: .sizes)
    anyBatch = try fields.decode(Bool.self, forKey: .anyBatch)
    lineWidthPX = try Self.lineWidths(in: fields)
    trainedPX = try fields.decode(Int.self, forKey: .trainedPX)
    stridePX = try fields.decode(Int.self, forKey: .stridePX)
    gateDB = try fields.decodeIfPresent(Double.self, forKey: .gateDB)
    details = try fields.decode([String: String].self, forKey: .details)
    conversionSeconds = try fields.decode(Double.self, forKey: .conversionSeconds)
    conversionPeakMB = try fields.decode(Double.self, forKey: .conversionPeakMB)
    source = try fields.decode(String.self, forKey: .source)
    licence = try fields.decode(String.self, forKey: .licence)
    credit = try fields.decode(String.self, forKey: .credit)
    tools = try fields.decode([String: String].self, forKey: .tools)
    guard sizes.first == [interface.height, interface.width],
      sizes.allSatisfy({ $0.count == 2 && $0.allSatisfy { $0 > 0 } })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .sizes, in: fields,
        debugDescription: "expected height and width of each size, that of the ports first")
    }
    guard trainedPX > 0, stridePX > 0 else {
      throw DecodingError.dataCorruptedError(
        forKey: trainedPX > 0 ? .stridePX : .trainedPX, in: fields,
        debugDescription: "expected 1 pixel or more")
    }
  }

  /// Reads a manifest from JSON. `name` is what the sentence of a failure calls it.
  public init(json: Data, name: String) throws(NurieError) {
    do {
      self = try JSONDecoder().decode(ModelManifest.self, from: json)
    } catch {
      throw .manifest(
        "\(name) is not a manifest that this app understands. \(StrictKeys.sentence(of: error)). "
          + "Expected \(Self.version), written by conversion.to_coreml: export the model again "
          + "with --overwrite.")
    }
  }

  /// Reads the manifest file.
  public init(contentsOf url: URL) throws(NurieError) {
    let json: Data
    do {
      json = try Data(contentsOf: url)
    } catch {
      throw .manifest(
        "\(url.lastPathComponent) cannot be read (\(error.localizedDescription)). Expected the "
          + "manifest that stands beside the model.")
    }
    try self.init(json: json, name: url.lastPathComponent)
  }

  /// Where the manifest of a model stands: beside it, with .json added.
  public static func url(of artifact: URL) -> URL {
    artifact.deletingLastPathComponent()
      .appendingPathComponent(artifact.lastPathComponent + ".json")
  }

  /// Throws unless `artifact` holds the very bytes that this manifest describes.
  public func requireDescribes(_ artifact: URL) throws(NurieError) {
    let received = try ArtifactHash.sha256(of: artifact)
    guard received == sha256 else {
      throw .manifest(
        "\(artifact.lastPathComponent) is not the model that its manifest describes: expected "
          + "SHA-256 \(sha256.prefix(12)), received \(received.prefix(12)). Copy both again.")
    }
  }

  /// Of OpenMoji's drawings, 72 units wide, whose lines are 2: what a net has seen most, and how far
  /// from that it is trusted that has learned other pens, too: training/picture/finishing/net.py.
  private static let usualStroke = 2.0 / 72
  private static let thinner = 0.85
  private static let thicker = 1.25

  /// Thinnest and thickest line to draw for the net, in pixels of the model: of those it learned
  /// about the usual ones, since the same drawing in another pen comes out the same only if it goes
  /// in alike. Where nobody knows, the usual ones alone.
  public var linesPX: ClosedRange<Double> {
    let usual = Self.usualStroke * Double(trainedPX)
    guard let known = lineWidthPX else { return usual...usual }
    let (least, most) = (known.lowerBound, known.upperBound)
    return max(
      least, min(Self.thinner * usual, most))...min(
        most, max(Self.thicker * usual, least))
  }

  private static func lineWidths(
    in fields: KeyedDecodingContainer<CodingKeys>
  ) throws -> ClosedRange<Double>? {
    guard let widths = try fields.decodeIfPresent([Double].self, forKey: .lineWidthPX) else {
      return nil
    }
    guard widths.count == 2, widths[0] > 0, widths[0] <= widths[1] else {
      throw DecodingError.dataCorruptedError(
        forKey: .lineWidthPX, in: fields,
        debugDescription: "expected the thinnest and the thickest line, received \(widths)")
    }
    return widths[0]...widths[1]
  }
}
