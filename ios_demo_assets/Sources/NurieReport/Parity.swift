/// One golden drawing: what the device painted against what Keras painted in float32.
public struct ReportParity: Codable, Equatable, Sendable {
  /// Name of the drawing.
  public let golden: String
  /// In dB; nil where the pictures are identical, since JSON has no infinity.
  public let psnrDB: Double?
  /// Largest difference, in grey levels.
  public let maxAbs: Double
  /// Structural similarity.
  public let ssim: Double
  /// Values that were NaN or infinite.
  public let nonfinite: Int

  enum CodingKeys: String, CodingKey, CaseIterable {
    case golden
    case psnrDB = "psnr_db"
    case maxAbs = "max_abs"
    case ssim
    case nonfinite
  }

  /// Takes the values as they are; `DeviceReport.faults` finds what is wrong with them.
  package init(
    golden: String, psnrDB: Double? = nil, maxAbs: Double, ssim: Double, nonfinite: Int
  ) {
    self.golden = golden
    self.psnrDB = psnrDB
    self.maxAbs = maxAbs
    self.ssim = ssim
    self.nonfinite = nonfinite
  }
}
