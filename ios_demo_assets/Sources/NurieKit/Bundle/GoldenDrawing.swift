import Foundation

/// A drawing, and what Keras paints of it in float32.
public struct GoldenDrawing: Decodable, Equatable, Sendable {
  /// What reports call it.
  public let name: String
  /// Grey.
  public let lineart: GoldenPicture
  /// RGB.
  public let color: GoldenPicture

  enum CodingKeys: String, CodingKey, CaseIterable { case name, lineart, color }

  /// Reads the object strictly.
  public init(from decoder: any Decoder) throws {
    try StrictKeys.require(CodingKeys.self, in: decoder)
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    name = try fields.decode(String.self, forKey: .name)
    lineart = try fields.decode(GoldenPicture.self, forKey: .lineart)
    color = try fields.decode(GoldenPicture.self, forKey: .color)
  }
}
