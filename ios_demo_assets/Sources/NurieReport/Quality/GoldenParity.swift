import NurieKit

/// What a model drew of golden drawings, held to what Keras painted.
public struct GoldenParity: Equatable, Sendable {
  /// One row a drawing.
  public private(set) var rows: [ReportParity]

  /// Begins with rows that were compared before, or with none.
  public init(rows: [ReportParity] = []) {
    self.rows = rows
  }

  /// Compares one drawing. Throws unless both pictures have one size.
  public mutating func add(
    _ name: String, reference: Picture, painted: Picture
  ) throws(NurieError) {
    let quality = try PictureQuality(reference: reference, candidate: painted)
    rows.append(
      ReportParity(
        golden: name, psnrDB: quality.psnrDB.isFinite ? quality.psnrDB : nil,
        maxAbs: Double(quality.maxLevels), ssim: quality.ssim, nonfinite: 0))
  }

  /// Notes that a model returned NaN or infinity for a drawing: no picture, and so the worst
  /// numbers.
  public mutating func addBroken(_ name: String, nonfinite: Int) {
    rows.append(
      ReportParity(
        golden: name, psnrDB: 0, maxAbs: Double(UInt8.max), ssim: 0, nonfinite: nonfinite))
  }

  /// Holds every drawing to a gate in dB.
  public func verdict(gatePSNRDB gate: Double) -> ParityVerdict {
    guard let worst = rows.min(by: { Self.psnr($0) < Self.psnr($1) }) else {
      return ParityVerdict(passed: false, sentence: "FAIL: no golden drawing was compared")
    }
    if let broken = rows.first(where: { $0.nonfinite > 0 }) {
      return ParityVerdict(
        passed: false,
        sentence: "FAIL: \(broken.golden) has \(broken.nonfinite) values that are no numbers")
    }
    let found = worst.psnrDB.map { "\(Self.oneDecimal($0)) dB" } ?? "identical"
    let passed = Self.psnr(worst) >= gate
    return ParityVerdict(
      passed: passed,
      sentence: "\(passed ? "pass" : "FAIL"): \(found) at worst (\(worst.golden)), gate "
        + "\(Self.oneDecimal(gate)) dB")
  }

  private static func psnr(_ row: ReportParity) -> Double {
    row.psnrDB ?? .infinity
  }

  private static func oneDecimal(_ value: Double) -> String {
    // Rounded down, so that a failure never reads as if it had passed.
    String((value * 10).rounded(.down) / 10)
  }
}
