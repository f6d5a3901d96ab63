/// Lets what is near a region's colour become it, and with it every smear, so that a page is plain.
///
/// A smear is what differs and nowhere in its connected area, over sides, differs strongly: the two
/// thresholds of Canny 1986. A net leaves such on the page beside a figure. As `_plain` in
/// `training/picture/flats/compose.py`.
enum Smears {
  private static let plain = OKLab.distance(0.05)  // a difference that is none; twice it stays
  private static let strong = OKLab.distance(0.25)  // that a figure reaches somewhere

  /// Removes them, in place. layer: RGB.
  static func remove(from layer: inout Plane<UInt8>, color: RGB) {
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
    let channels = [color.red, color.green, color.blue]
    for pixel in 0..<(width * height) {
      let stays = area[pixel] >= 0 && strongest[Int(area[pixel])] > strong
      let share = stays ? min(max(Double(away[pixel]) / Double(plain) - 1, 0), 1) : 0
      for (channel, level) in channels.enumerated() {
        let differs = Double(layer.values[pixel * 3 + channel]) - Double(level)
        layer.values[pixel * 3 + channel] = PixelRange.rounded(Double(level) + share * differs)
      }
    }
  }
}
