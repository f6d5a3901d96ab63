/// Measures the lines of one drawing after the other, in the same memory.
///
/// As `training/picture/strokes.py` does.
struct LineRuler: Sendable {
  private static let finer = 2  // outlines are found at this multiple of the resolution
  private static let large = 1024  // pixels of the longer side; from twice that on, it is averaged

  private var depth = ChamferDepth()

  /// The width of lines, for a drawing of any size.
  mutating func widthOfLarge(_ lineart: Plane<UInt8>) -> Double? {
    var (times, sides) = (1, max(lineart.width, lineart.height) / Self.large)
    while sides > 1 {
      sides /= 2
      times *= 2
    }
    guard times > 1 else { return width(lineart) }
    let averaged = Averaging.resized(
      lineart, width: max(1, lineart.width / times), height: max(1, lineart.height / times))
    return width(averaged).map { $0 * Double(times) }
  }

  /// The width of lines, for a drawing that is not large.
  mutating func width(_ lineart: Plane<UInt8>) -> Double? {
    let marked = lineart.levels().prefix(Int(PixelRange.cleanAbove))
    guard marked.contains(where: { $0 > 0 }) else { return nil }
    // Lines thinner than a pixel are grey, and so are those of a pencil: ink is what is darker than
    // the middle between paper and most lines.
    let darkest = Percentile.of(marked, share: 0.2)
    let below = max((Double(PixelRange.paper) + darkest) / 2, Double(PixelRange.inkBelow))
    let isInk = (0..<256).map { UInt8(Double($0) < below ? 1 : 0) }
    let (width, height) = (lineart.width * Self.finer, lineart.height * Self.finer)
    var larger = Bilinear.Rows(
      lineart, across: Bilinear.Side(lineart.width, to: width),
      down: Bilinear.Side(lineart.height, to: height))
    depth.measure(width: width, height: height, beyond: .outside) { row, mask in
      larger.write(row, to: mask)
      for x in 0..<width { mask[x] = isInk[Int(mask[x])] }
    }
    return depth.medianWidth().map { $0 / Double(Self.finer) }
  }
}
