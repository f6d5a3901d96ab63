import Foundation
import NurieCoreML
import NurieKit

/// Runs NurieCoreML against the doubles: a line for each claim; ends with status 1 if one is wrong.
@main
struct Checks {
  typealias Claim = (String, () async throws -> Bool)

  static func main() async {
    let claims =
      predictionClaims + bufferClaims + refusalClaims + cancellationClaims + loadingClaims
      + benchmarkClaims + cachingClaims + hintClaims + canvasClaims + inkClaims
      + assetClaims
    var failed = false
    for (claim, holds) in claims {
      do {
        let held = try await holds()
        print(held ? "pass: \(claim)" : "FAIL: \(claim)")
        failed = failed || !held
      } catch {
        print("FAIL: \(claim): \(error)")
        failed = true
      }
    }
    exit(failed ? 1 : 0)
  }

  /// A picture in which every pixel has another grey, as far as there are greys.
  static func lineart(_ width: Int, _ height: Int) throws -> Picture {
    try Picture(
      width: width, height: height, channels: .grey,
      bytes: (0..<(width * height)).map { UInt8($0 * 7 % 256) })
  }

  /// What the double paints of line art.
  static func painted(_ lineart: Picture) throws -> Picture {
    try Picture(
      width: lineart.width, height: lineart.height, channels: .rgb,
      bytes: lineart.bytes.flatMap { [$0, 255 - $0, $0 / 3] })
  }

  /// The sentence of the error that `body` throws; empty if it throws none.
  static func sentence(_ body: () async throws -> Void) async -> String {
    do {
      try await body()
      return ""
    } catch {
      return (error as? ColoringError)?.sentence ?? "no ColoringError: \(error)"
    }
  }
}
