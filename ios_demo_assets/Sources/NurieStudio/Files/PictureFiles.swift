import Foundation
import NurieKit

/// Writes and reads picture files: ImageIO on Apple systems, a double in tests.
public protocol PictureFiles: Sendable {
  /// A PNG of exactly these pixels.
  func png(_ picture: Picture) throws -> Data
  /// The pixels of a file that `png` wrote, to the last bit; of more channels, if the system wants.
  func picture(_ file: Data) throws -> Picture
}
