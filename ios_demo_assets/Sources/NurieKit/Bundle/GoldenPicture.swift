import Foundation

/// A picture of a bundle, as a PNG file without loss, and the hashes that prove it unchanged.
public struct GoldenPicture: Decodable, Equatable, Sendable {
  /// Path in the bundle.
  public let file: String
  /// Of the file.
  public let sha256: String
  /// Of its 8-bit values, row by row: grey, RGB or RGBA.
  public let pixelsSHA256: String
  /// Rows.
  public let height: Int
  /// Pixels in a row.
  public let width: Int

  enum CodingKeys: String, CodingKey, CaseIterable {
    case file, sha256
    case pixelsSHA256 = "pixels_sha256"
    case height, width
  }

  /// Reads the object strictly.
  public init(from decoder: any Decoder) throws {
    try StrictKeys.require(CodingKeys.self, in: decoder)
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    file = try fields.decode(String.self, forKey: .file)
    sha256 = try fields.decode(String.self, forKey: .sha256)
    pixelsSHA256 = try fields.decode(String.self, forKey: .pixelsSHA256)
    height = try fields.decode(Int.self, forKey: .height)
    width = try fields.decode(Int.self, forKey: .width)
  }
}
