import Foundation

/// A Core ML package of a bundle; its manifest stands beside it.
public struct BundledModel: Decodable, Equatable, Hashable, Identifiable, Sendable {
  /// Folder in the bundle.
  public let artifact: String
  /// As its manifest says.
  public let sha256: String
  /// How its weights are stored.
  public let recipe: String
  /// PSNR that every golden drawing must reach on a device: the gate of the recipe, or the one that
  /// this model was made to reach.
  public let gatePSNRDB: Double

  /// The bytes of a model are what makes it this one.
  public var id: String { sha256 }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case artifact, sha256, recipe
    case gatePSNRDB = "gate_psnr_db"
  }

  /// Reads the object strictly.
  public init(from decoder: any Decoder) throws {
    try StrictKeys.require(CodingKeys.self, in: decoder)
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    artifact = try fields.decode(String.self, forKey: .artifact)
    sha256 = try fields.decode(String.self, forKey: .sha256)
    recipe = try fields.decode(String.self, forKey: .recipe)
    gatePSNRDB = try fields.decode(Double.self, forKey: .gatePSNRDB)
  }
}
