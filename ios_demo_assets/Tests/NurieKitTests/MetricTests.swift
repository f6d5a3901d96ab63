import Foundation
import Testing

@testable import NurieKit
@testable import NurieReport

@Suite("Metrics") struct MetricTests {
  /// What the issue asks: equal to Python's numbers.
  static let equal = 1e-6

  struct Cases: Decodable {
    struct Pair: Decodable {
      let name: String
      let reference, candidate: Goldens.Pixels
      let psnr_db: Double?
      let ssim: Double
      let max_levels: Int
    }
    let pairs: [Pair]
  }

  @Test("are Python's to a millionth") func golden() throws {
    for pair in try Goldens.load(Cases.self, "metrics").pairs {
      let quality = try PictureQuality(
        reference: try pair.reference.picture, candidate: try pair.candidate.picture)
      if let psnr = pair.psnr_db {
        #expect(abs(quality.psnrDB - psnr) < Self.equal, "\(pair.name)")
      } else {
        #expect(quality.psnrDB == .infinity)
      }
      #expect(abs(quality.ssim - pair.ssim) < Self.equal, "\(pair.name)")
      #expect(quality.maxLevels == pair.max_levels)
    }
  }

  @Test("one level everywhere is 48.13 dB") func byHand() throws {
    let reference = try Picture(
      width: 7, height: 8, channels: .grey, bytes: [UInt8](repeating: 100, count: 56))
    let candidate = try Picture(
      width: 7, height: 8, channels: .grey, bytes: [UInt8](repeating: 101, count: 56))
    let quality = try PictureQuality(reference: reference, candidate: candidate)
    #expect(abs(quality.psnrDB - 20 * log10(255)) < 1e-12)
    #expect(quality.maxLevels == 1)
  }

  @Test("need one size, and seven pixels a side") func sizes() throws {
    let small = try Picture.paper(width: 6, height: 9)
    #expect(
      sentence { _ = try PictureQuality(reference: small, candidate: small) }
        .contains("7 pixels or more a side, received 6 x 9"))
    let other = try Picture.paper(width: 9, height: 9)
    #expect(
      sentence { _ = try PictureQuality(reference: small, candidate: other) }
        .contains("one size"))
  }
}
