import Foundation

/// A drawing, hints on it or none, and what Keras paints of both in float32.
public struct GoldenDrawing: Decodable, Equatable, Sendable {
  /// What reports call it.
  public let name: String
  /// How many hints are given.
  public let hintCount: Int
  /// Grey.
  public let lineart: GoldenPicture
  /// RGBA, opaque where a hint is; nil where none is given.
  public let hints: GoldenPicture?
  /// RGB: the finished picture, under its ink where the model paints a layer.
  public let color: GoldenPicture

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name
    case hintCount = "hint_count"
    case lineart, hints, color
  }

  /// Reads the object strictly.
  public init(from decoder: any Decoder) throws {
    try StrictKeys.require(CodingKeys.self, in: decoder)
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    name = try fields.decode(String.self, forKey: .name)
    hintCount = try fields.decode(Int.self, forKey: .hintCount)
    lineart = try fields.decode(GoldenPicture.self, forKey: .lineart)
    hints = try fields.decodeIfPresent(GoldenPicture.self, forKey: .hints)
    color = try fields.decode(GoldenPicture.self, forKey: .color)
    guard hintCount >= 0, (hintCount > 0) == (hints != nil) else {
      throw DecodingError.dataCorruptedError(
        forKey: .hintCount, in: fields,
        debugDescription: "expected hints where there are some and none where there are none, "
          + "received \(hintCount) and \(hints?.file ?? "no picture")")
    }
  }
}
