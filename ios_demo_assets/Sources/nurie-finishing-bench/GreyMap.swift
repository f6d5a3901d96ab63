import Foundation
import NurieKit

/// Reads portable grey maps: P5 of 8 bits, with comments, as Netpbm defines them.
enum GreyMap {
  private static let most = 255  // the level of paper
  private static let longest = 1 << 20  // pixels a side: what is more is no drawing

  /// The picture of a PGM file. Refuses any other file, and one that is not whole.
  static func read(_ path: String) throws -> Picture {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    var left = bytes[...]
    let header = (0..<4).map { _ in word(&left) }
    let sizes = header[1...].compactMap { Int($0) }
    guard header[0] == "P5", sizes.count == 3, sizes[2] == most,
      sizes[0...1].allSatisfy({ (1...longest).contains($0) })
    else {
      let received = header.map { String($0.prefix(12)) }
      throw Refusal(
        sentence: "\(path): expected a PGM file of 8 bits, P5, width, height and 255, received "
          + "\(received). Write it with Pillow or Netpbm.")
    }
    let pixels = left.dropFirst()  // one space follows the header
    guard pixels.count == sizes[0] * sizes[1] else {
      throw Refusal(
        sentence: "\(path): expected \(sizes[0] * sizes[1]) bytes for \(sizes[0]) x \(sizes[1]) "
          + "pixels, received \(pixels.count). Write it again.")
    }
    return try Picture(
      width: sizes[0], height: sizes[1], channels: .grey, bytes: Array(pixels))
  }

  /// Takes the next word of a header, behind spaces and comments; empty where the file ends.
  private static func word(_ left: inout ArraySlice<UInt8>) -> String {
    let (space, comment) = (UInt8(ascii: " "), UInt8(ascii: "#"))
    left = left.drop { $0 <= space }
    while left.first == comment {
      left = left.drop { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }.drop { $0 <= space }
    }
    let word = left.prefix { $0 > space && $0 != comment }
    left = left[word.endIndex...]
    return String(decoding: word, as: UTF8.self)
  }
}
