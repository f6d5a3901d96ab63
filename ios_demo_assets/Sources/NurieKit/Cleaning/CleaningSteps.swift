/// One picture on its way to a clean drawing, and the notes of what was done to it.
struct CleaningSteps {
  private static let stray = 0.005  // share of the pixels that may be otherwise: a fleck, an edge
  private static let small = 256.0  // pixels of the longer side at which lines are told from paper
  private static let toned = 200.0  // level: lighter paper is paper, whatever lies on it
  private static let whitePaper = 250  // level: lighter paper is as good as white
  private static let darkest = 24  // level: darker paper is a black page
  private static let mostInk = 0.75  // share of the sheet: a negative

  private(set) var notes: [String] = []
  private var drawn: Plane<UInt8>

  init(_ picture: Picture) { drawn = Plane(picture) }

  /// Takes all steps. Returns grey.
  mutating func clean() throws(NurieError) -> Plane<UInt8> {
    layOnPaper()
    if drawn.channels == 3, drawn.isGrey { drawn = drawn.channel(0) }
    if hasLightLines(drawn.grey()) {
      drawn.map { 255 - $0 }
      notes.append("inverted: light lines on dark")
    }
    try whitenPaper()
    if drawn.channels == 3 {
      let ink = InkColor(drawn)
      if ink.isColored {
        notes.append("ink: coloured, taken in the channel that it darkens most")
      }
      drawn = ink.isColored ? ink.darkest : drawn.grey()
    }
    let share = try setLevels()
    guard share <= Self.mostInk else {
      throw .picture(
        "almost black: expected lines on paper, received a page with "
          + "\((share * 100).wholeNumber)% ink.")
    }
    return drawn
  }

  /// Lays a picture with opacity on paper that its ink stands out from.
  private mutating func layOnPaper() {
    guard drawn.channels == 4 else { return }
    let bytes = drawn.values
    let pixels = stride(from: 0, to: bytes.count, by: 4)
    if pixels.allSatisfy({ bytes[$0 + 3] == 255 }) {
      drawn = drawn.colors { Int(bytes[$0 + $1]) }
      return
    }
    var (shown, dark) = (0, 0)
    for pixel in pixels where bytes[pixel + 3] >= PixelRange.inkBelow {
      shown += 1
      let darkest = min(bytes[pixel], bytes[pixel + 1], bytes[pixel + 2])
      dark += darkest < PixelRange.lightInk ? 1 : 0
    }
    // What ink takes from white paper: light ink would take nothing, and counts as its negative.
    let isLight = shown > 0 && Double(dark) <= Self.stray * Double(shown)
    notes.append(isLight ? "inverted: light ink on nothing" : "transparent: laid on white paper")
    drawn = drawn.colors { pixel, channel in
      let level = Int(bytes[pixel + channel])
      return 255 - ((isLight ? level : 255 - level) * Int(bytes[pixel + 3]) + 127) / 255
    }
  }

  /// Whether what stands out from its surroundings is lighter, on a sheet that is not white.
  ///
  /// The surroundings are a local median: paper, as long as lines cover less than half of it.
  private func hasLightLines(_ grey: Plane<UInt8>) -> Bool {
    let scale = min(1, Self.small / Double(max(grey.width, grey.height)))
    let small = Averaging.resized(
      grey, width: max(1, (Double(grey.width) * scale).wholeNumber),
      height: max(1, (Double(grey.height) * scale).wholeNumber))
    let tone = Percentile.of(small.levels(), share: 0.5)
    if tone >= Self.toned { return false }
    let around = Filters.median(of: small, side: max(9, max(small.width, small.height) / 6 | 1))
    var (lighter, darker) = (0, 0)
    for (here, paper) in zip(small.values, around.values) {
      lighter += max(0, Int(here) - Int(paper))
      darker += max(0, Int(paper) - Int(here))
    }
    // On paper of a middle tone there is chalk beside ink: it must outweigh it by far.
    return lighter > darker * (tone < Double(PixelRange.inkBelow) ? 1 : 2)
  }

  private mutating func whitenPaper() throws(NurieError) {
    let paper = Paper(of: drawn)
    let most = paper.lightest.max() ?? 0
    guard most >= Self.darkest else {
      throw .picture(
        "almost black: expected lines on paper, received a page whose lightest parts have \(most) "
          + "of 255 grey levels.")
    }
    if paper.isUneven {
      notes.append("light: uneven, divided out")
      paper.divideLight(of: &drawn)
    } else if paper.lightest.min() ?? 0 < Self.whitePaper {
      let tone = paper.lightest.map(String.init).joined(separator: ", ")
      notes.append("paper: set to white from \(tone)")
      paper.divideTone(of: &drawn)
    }
  }

  /// Sets the black and the white point. Returns the share of ink.
  private mutating func setLevels() throws(NurieError) -> Double {
    let isUntouched = !notes.contains { note in
      ["light:", "paper:", "ink:"].contains { note.hasPrefix($0) }
    }
    let counts = drawn.levels()
    guard let points = LevelPoints(counts, isUntouched: isUntouched) else {
      throw .picture(
        "blank page: expected lines darker than their paper, or lighter than a dark one, received "
          + "none that stand out.")
    }
    let table = points.table()
    let sum = zip(counts, table).reduce(0) { $0 + $1.0 * Int($1.1) }
    let share = 1 - Double(sum) / Double(drawn.values.count) / 255
    if points.white == 255, points.black == 0 { return share }
    if points.white < 255, isUntouched { notes.append("paper: set to white from \(points.white)") }
    if points.black > 0 { notes.append("ink: set to black from \(points.black)") }
    drawn.look(up: [table])
    return share
  }
}
