/// Lets what is near a region's colour become it, and with it every smear, so that a page is plain.
///
/// A smear is what differs and nowhere in its connected area, over sides, differs strongly: the two
/// thresholds of Canny 1986. A net leaves such on the page beside a figure. Where nobody gave a
/// hint, only a figure stays: what lines enclose for the most part, and is even and does not fade.
/// As `_plain` in `training/picture/flats/compose.py`.
enum Smears {
  private static let plain = OKLab.distance(0.05)  // a difference that is none; twice it stays
  private static let strong = OKLab.distance(0.25)  // that a figure reaches somewhere
  private static let strongGuess = OKLab.distance(0.28)  // the same where nobody gave a hint
  private static let mostOpen = 0.35  // share of a figure's outline that is no line
  private static let even = 0.65  // share of its cells that differ half as much as the strongest

  /// Removes them, in place.
  ///
  /// layer: RGB. figureOf: the region's own cells, where only a figure is to stay; nil: everything
  /// strong stays.
  static func remove(from layer: inout Plane<UInt8>, color: RGB, figureOf own: [Bool]?) {
    let (width, height) = (layer.width, layer.height)
    let page = OKLab(color)
    let away = (0..<(width * height)).map { pixel in
      OKLab(RGB(layer.values, pixel: pixel, channels: 3)).distance(to: page)
    }
    var areas = Components()
    areas.find(height: height, corners: false) { y, runs in
      var x = 0
      while x < width {
        while x < width, away[y * width + x] <= plain { x += 1 }
        guard x < width else { break }
        let begin = x
        while x < width, away[y * width + x] > plain { x += 1 }
        runs.append(Components.Run(start: Int32(begin), end: Int32(x)))
      }
    }
    var strongest = [Int](repeating: 0, count: areas.count)
    var area = [Int32](repeating: -1, count: width * height)
    for y in 0..<height {
      for run in areas.rows[y]..<areas.rows[y + 1] {
        let number = Int(areas.component[run])
        for x in Int(areas.runs[run].start)..<Int(areas.runs[run].end) {
          strongest[number] = max(strongest[number], away[y * width + x])
          area[y * width + x] = Int32(number)
        }
      }
    }
    var stays = strongest.map { $0 > (own == nil ? strong : strongGuess) }
    if let own {
      let figures = isFigure(area, away: away, strongest: strongest, own: own, width: width)
      for number in stays.indices where !figures[number] { stays[number] = false }
    }
    let channels = [color.red, color.green, color.blue]
    for pixel in 0..<(width * height) {
      let isShown = area[pixel] >= 0 && stays[Int(area[pixel])]
      let share = isShown ? min(max(Double(away[pixel]) / Double(plain) - 1, 0), 1) : 0
      for (channel, level) in channels.enumerated() {
        let differs = Double(layer.values[pixel * 3 + channel]) - Double(level)
        layer.values[pixel * 3 + channel] = PixelRange.rounded(Double(level) + share * differs)
      }
    }
  }

  /// Tells of each area whether lines enclose it and it is even. area: -1 is the page.
  private static func isFigure(
    _ area: [Int32], away: [Int], strongest: [Int], own: [Bool], width: Int
  ) -> [Bool] {
    var (cells, strong) = (strongest.map { _ in 0 }, strongest.map { _ in 0 })
    var (open, sides) = (cells, cells)
    for cell in area.indices where own[cell] && area[cell] >= 0 {
      let number = Int(area[cell])
      cells[number] += 1
      if 2 * away[cell] >= strongest[number] { strong[number] += 1 }
      let column = cell % width
      for (beside, isInside) in [
        (cell - width, cell >= width), (cell + width, cell + width < area.count),
        (cell - 1, column > 0), (cell + 1, column + 1 < width),
      ] where isInside {
        if !own[beside] {
          sides[number] += 1
        } else if area[beside] < 0 {
          sides[number] += 1
          open[number] += 1
        }
      }
    }
    return cells.indices.map { number in
      Double(open[number]) <= mostOpen * Double(sides[number])
        && Double(strong[number]) >= even * Double(cells[number])
    }
  }
}
