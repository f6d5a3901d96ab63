/// The levels of a drawing that become black and white.
struct LevelPoints {
  private static let smooth = 0.9  // share of white among the light pixels of a set sheet
  private static let noise = 3.5  // standard deviations of the noise of paper that become white
  private static let widest = 64  // levels below the tone of paper that its noise may reach
  private static let contrast = 20  // levels: a weaker trace on white paper is not taken for a line
  private static let paleInk = 80  // level: nets learn ink lightened by 30 %, 77
  private static let darkInk = 24  // as dark as the ink of what is not clean anyway becomes
  private static let leastInk = 2e-5  // share of the sheet: a small circle on a large one

  /// From `white` on all is paper; up to `black` all is ink.
  let white: Int, black: Int

  /// counts: pixels of each level. Returns nil where no ink stands out.
  init?(_ counts: [Int], isUntouched: Bool) {
    white = Self.whitePoint(counts)
    let inked = counts.prefix(max(white - Self.contrast, 0))
    let pixels = counts.reduce(0, +)
    guard Double(inked.reduce(0, +)) >= max(1, Self.leastInk * Double(pixels)) else { return nil }
    let darkest = Self.level(of: inked, below: 0.05)
    // The middle of most lines, not the darkest of them: a pencil presses unevenly.
    black =
      darkest > (isUntouched ? Self.paleInk : Self.darkInk)
      ? Self.level(of: counts.prefix((white + darkest) / 2 + 1), below: 0.5) : 0
  }

  /// What each level becomes.
  func table() -> [UInt8] {
    let scale = Float(255 / Double(white - black))
    return (0..<256).map { PixelRange.rounded(Float($0 - black) * scale) }
  }

  private static func whitePoint(_ counts: [Int]) -> Int {
    let light = counts[Int(PixelRange.cleanAbove)...]
    if Double(counts[255]) >= smooth * Double(light.reduce(0, +)) { return 255 }
    var mode = Int(PixelRange.inkBelow)
    for level in mode..<256 where counts[level] > counts[mode] { mode = level }
    let below = (0..<widest).map { counts[mode - $0] }
    // Of one side of a normal distribution, 90 % lie within 1.645 deviations.
    let deviation = Double(level(of: below, below: 0.9)) / 1.645
    return mode - max(2, (noise * deviation).wholeNumber)
  }

  /// The level that `share` of the counted pixels do not exceed.
  private static func level(of counts: some Collection<Int>, below share: Double) -> Int {
    let wanted = share * Double(counts.reduce(0, +))
    var sum = 0
    for (level, count) in counts.enumerated() {
      sum += count
      if Double(sum) >= wanted { return level }
    }
    return counts.count
  }
}
