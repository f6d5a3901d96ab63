import Foundation
import Testing

@testable import NurieKit

/// The golden files that `python -m benchmarks.ios_goldens` wrote.
enum Goldens {
  /// A picture as Python writes it.
  struct Pixels: Decodable {
    let width: Int, height: Int, channels: Int
    let bytes: Data

    var picture: Picture {
      get throws {
        try Picture(
          width: width, height: height,
          channels: try #require(Picture.Channels(rawValue: channels)),
          bytes: [UInt8](bytes))
      }
    }
  }

  /// A picture as Python writes it by its runs: the bytes of a pixel, then how many such follow.
  struct Runs: Decodable {
    let width: Int, height: Int, channels: Int
    let runs: Data

    /// The bytes of each pixel.
    var pixels: [[UInt8]] {
      let bytes = [UInt8](runs)
      return stride(from: 0, to: bytes.count, by: channels + 1).flatMap { start in
        repeatElement(
          Array(bytes[start..<(start + channels)]), count: Int(bytes[start + channels]))
      }
    }

    var picture: Picture {
      get throws {
        try Picture(
          width: width, height: height,
          channels: try #require(Picture.Channels(rawValue: channels)),
          bytes: pixels.flatMap { $0 })
      }
    }
  }

  static func load<Content: Decodable>(_ type: Content.Type, _ name: String) throws -> Content {
    try JSONDecoder().decode(type, from: try data("\(name).json"))
  }

  static func data(_ file: String) throws -> Data {
    try Data(contentsOf: try folder().appendingPathComponent(file))
  }

  static func folder() throws -> URL {
    try #require(Bundle.module.url(forResource: "Golden", withExtension: nil))
  }

  /// Little-endian float32, as Python writes them.
  static func floats(_ data: Data) -> [Float] {
    let bytes = [UInt8](data)
    return stride(from: 0, to: bytes.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) })
    }
  }
}

/// The sentence of whatever `body` throws. Records an issue if it throws nothing.
func sentence(of body: () throws -> Void) -> String {
  do {
    try body()
  } catch let error as NurieError {
    return error.sentence
  } catch {
    return "not a NurieError: \(error)"
  }
  Issue.record("expected an error, received none")
  return ""
}

/// Grey rows of equal length.
func grey(_ rows: [[UInt8]]) throws -> Picture {
  try Picture(width: rows[0].count, height: rows.count, channels: .grey, bytes: rows.flatMap { $0 })
}
