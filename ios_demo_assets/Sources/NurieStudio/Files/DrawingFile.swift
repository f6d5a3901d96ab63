import Foundation
import NurieKit

/// An artwork as JSON, `nurie-drawing/1`; its sheet and its colours are files beside it.
///
/// Unknown fields are read over, so that a newer app of the same version may add some; another
/// version is refused by name.
struct DrawingFile: Codable, Equatable {
  /// What this file writes and understands.
  static let version = "nurie-drawing/1"

  let drawing: String
  let width: Int, height: Int
  let sheet: UUID?, colors: UUID?
  let ink: [Line]
  let hints: [Hint]
  let locks: [Lock]

  /// A line of the pen: x, y and width of each point, one after the other.
  struct Line: Codable, Equatable {
    let id: UUID
    let points: [Double]
  }

  /// A stroke of colour, as #rrggbb.
  struct Hint: Codable, Equatable {
    let color: String
    let points: [Double]
  }

  /// A pixel of a region that has this colour.
  struct Lock: Codable, Equatable {
    let x: Int, y: Int
    let color: String
  }

  /// Takes a drawing. colors: which file has them; nil: it has none.
  init(_ artwork: Artwork, colors: UUID? = nil) {
    drawing = Self.version
    (width, height) = (artwork.width, artwork.height)
    (sheet, self.colors) = (artwork.sheet?.id, colors)
    ink = artwork.ink.map { Line(id: $0.id, points: $0.stroke.numbers) }
    hints = artwork.hints.map { Hint(color: $0.color.hex, points: $0.stroke.numbers) }
    locks = artwork.locks.map { Lock(x: $0.x, y: $0.y, color: $0.color.hex) }
  }

  /// Reads a drawing. Throws with a sentence that names the fault.
  init(json: Data) throws(NurieError) {
    struct Head: Decodable { let drawing: String? }
    do {
      let head = try JSONDecoder().decode(Head.self, from: json)
      guard head.drawing == Self.version else {
        throw NurieError.picture(
          "This drawing is of the version \(head.drawing ?? "of nobody knows what"). Expected "
            + "\(Self.version): take the newest version of the app.")
      }
      self = try JSONDecoder().decode(DrawingFile.self, from: json)
    } catch let error as NurieError {
      throw error
    } catch {
      throw .picture("This drawing is damaged: \(Self.place(of: error)). It was left as it is.")
    }
  }

  /// The artwork. sheet: the picture of the file's sheet, where it has one.
  func artwork(sheet picture: Picture?) throws(NurieError) -> Artwork {
    var artwork = try Artwork(width: width, height: height)
    if let sheet, let picture {
      try artwork.requireFits(picture)
      artwork.sheet = Artwork.Sheet(id: sheet, picture: picture)
    }
    for line in ink { artwork.ink.append(InkLine(id: line.id, stroke: try Stroke(line.points))) }
    for hint in hints {
      let color = try RGB(hex: hint.color)
      artwork.hints.append(
        HintStroke(
          stroke: try Stroke(hint.points), red: color.red, green: color.green, blue: color.blue))
    }
    for lock in locks {
      artwork.locks.append(RegionLock(x: lock.x, y: lock.y, color: try RGB(hex: lock.color)))
    }
    return artwork
  }

  /// The bytes to write: the same for the same drawing.
  func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return try encoder.encode(self)
  }

  private static func place(of error: any Error) -> String {
    switch error as? DecodingError {
    case .keyNotFound(let key, _): "its field \(key.stringValue) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "its field \(context.codingPath.map(\.stringValue).joined(separator: ".")) is of the wrong kind"
    default: "it is no JSON"
    }
  }
}

extension Stroke {
  /// x, y and width of each point.
  fileprivate var numbers: [Double] { points.flatMap { [$0.x, $0.y, $0.width] } }

  fileprivate init(_ numbers: [Double]) throws(NurieError) {
    guard numbers.count.isMultiple(of: 3) else {
      throw .picture(
        "This drawing is damaged: a line has \(numbers.count) numbers. Expected three for each "
          + "point. It was left as it is.")
    }
    try self.init(
      points: stride(from: 0, to: numbers.count, by: 3).map {
        StrokePoint(x: numbers[$0], y: numbers[$0 + 1], width: numbers[$0 + 2])
      })
  }
}

extension RGB {
  /// The colour as #rrggbb.
  public var hex: String {
    "#"
      + [red, green, blue].map { level in
        let digits = String(level, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
      }.joined()
  }

  /// Reads #rrggbb. Throws for anything else.
  init(hex: String) throws(NurieError) {
    guard hex.utf8.count == 7, hex.hasPrefix("#"), let number = UInt32(hex.dropFirst(), radix: 16)
    else {
      throw .picture(
        "This drawing is damaged: \(hex) is no colour. Expected #rrggbb. It was left as it is.")
    }
    self.init(
      red: UInt8(number >> 16 & 255), green: UInt8(number >> 8 & 255), blue: UInt8(number & 255))
  }
}
