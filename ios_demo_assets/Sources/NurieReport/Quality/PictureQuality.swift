import Foundation
import NurieKit

/// How far a picture is from its reference, measured as training/metrics/full_reference.py measures it.
public struct PictureQuality: Equatable, Sendable {
  /// Peak signal-to-noise ratio over all channels, in dB. Infinite when identical.
  public let psnrDB: Double
  /// Structural similarity, 1 when identical.
  public let ssim: Double
  /// Largest difference of any channel of any pixel, in grey levels.
  public let maxLevels: Int

  /// Compares two pictures. Throws unless they have one size and 7 pixels or more a side.
  public init(reference: Picture, candidate: Picture) throws(NurieError) {
    guard reference.width == candidate.width, reference.height == candidate.height,
      reference.channels == candidate.channels
    else {
      throw .picture(
        "Expected two pictures of one size, received \(reference.width) x \(reference.height) and "
          + "\(candidate.width) x \(candidate.height).")
    }
    let differences = zip(reference.bytes, candidate.bytes).map { abs(Int($0) - Int($1)) }
    // Whole numbers: 255^2 x 100 megapixels x 3 channels stays far below 2^63.
    let squared = differences.reduce(0) { $0 + $1 * $1 }
    let meanSquare = Double(squared) / Double(differences.count)
    let peak = Double(UInt8.max)
    psnrDB = squared == 0 ? .infinity : 10 * log10(peak * peak / meanSquare)
    maxLevels = differences.max() ?? 0
    ssim = try StructuralSimilarity.mean(reference: reference, candidate: candidate)
  }
}
