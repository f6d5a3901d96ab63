/// Finds the regions of one drawing after the other, in the same memory.
struct RegionFinder: Sendable {
  private static let tiny = 0.25  // squared widths of a line: a region that shows less is none
  private static let fewest = 4.0  // pixels of paper: specks beside an antialiased line show less

  private var distance = ExactDistance()
  private var gaps = GapClosing()
  private var labels = LabelPlane()

  /// lineart: one channel. lineWidth: in pixels, above 0.
  mutating func find(_ lineart: Plane<UInt8>, lineWidth: Double) -> RegionMap {
    let (width, height) = (lineart.width, lineart.height)
    let paper = lineart.values.withUnsafeBufferPointer { lineart in
      lineart.reduce(0) { $0 + (RegionMap.isPaper($1) ? 1 : 0) }
    }
    guard paper > 0, paper < width * height else {
      return RegionMap(
        width: width, height: height, labels: [Int32](repeating: 0, count: width * height),
        count: 1)
    }
    distance.measure(lineart, paperFrom: RegionMap.paperFrom)
    labels.reshape(width: width, height: height)
    gaps.findParts(in: distance.squared, lineWidth: lineWidth, to: &labels)
    setInk(of: lineart, to: LabelPlane.closed)
    labels.flood()
    // Then under the ink to the middle of the lines, so that no halo of paper shows.
    setInk(of: lineart, to: LabelPlane.open)
    labels.flood()
    let smallest = max(Self.fewest, Self.tiny * lineWidth * lineWidth)
    return numbered(joining: tinyJoined(lineart, smallest: smallest), lineart: lineart)
  }

  private mutating func setInk(of lineart: Plane<UInt8>, to label: Int32) {
    for y in 0..<lineart.height {
      let (start, pixel) = (labels.start(ofRow: y), y * lineart.width)
      labels.values.withUnsafeMutableBufferPointer { labels in
        lineart.values.withUnsafeBufferPointer { lineart in
          for x in 0..<self.labels.width where !RegionMap.isPaper(lineart[pixel + x]) {
            labels[start + x] = label
          }
        }
      }
    }
  }

  /// Lets regions that show little paper join their best neighbour, from the large ones on.
  ///
  /// Returns what each label becomes. Labels are from 1 here.
  private func tinyJoined(_ lineart: Plane<UInt8>, smallest: Double) -> [Int32] {
    let shown = paperShown(lineart)
    var into = shown.indices.map { Int32($0) }
    var tiny = shown.map { Double($0) < smallest }
    tiny[0] = true  // no region
    guard tiny.contains(false), zip(tiny, shown).contains(where: { $0 && $1 >= 0 }) else {
      return into
    }
    let borders = labels.values.withUnsafeBufferPointer { values in
      Borders(values, start: labels.start(ofRow: 0), stride: labels.stride, lineart: lineart)
    }
    while tiny.contains(true) {
      let best = borders.bestNeighbors(wanted: tiny, offered: tiny.map { !$0 })
      let joining = best.indices.filter { best[$0] != nil }
      guard !joining.isEmpty else { break }
      for region in joining {
        if let other = best[region] { into[region] = into[other] }
        tiny[region] = false
      }
    }
    return into
  }

  /// How much paper each label shows, by label; -1 for one that is nowhere.
  private func paperShown(_ lineart: Plane<UInt8>) -> [Int] {
    var shown: [Int] = [-1]
    labels.values.withUnsafeBufferPointer { labels in
      lineart.values.withUnsafeBufferPointer { lineart in
        for y in 0..<self.labels.height {
          let (start, pixel) = (self.labels.start(ofRow: y), y * self.labels.width)
          var x = 0
          while x < self.labels.width {
            let label = labels[start + x]
            var paper = 0
            repeat {
              paper += RegionMap.isPaper(lineart[pixel + x]) ? 1 : 0
              x += 1
            } while x < self.labels.width && labels[start + x] == label
            while shown.count <= Int(label) { shown.append(-1) }
            shown[Int(label)] = max(shown[Int(label)], 0) + paper
          }
        }
      }
    }
    return shown
  }

  /// Numbers regions anew, without a gap, by their first pixels.
  private func numbered(joining into: [Int32], lineart: Plane<UInt8>) -> RegionMap {
    let (width, height) = (labels.width, labels.height)
    var number = [Int32](repeating: -1, count: into.count)
    var count: Int32 = 0
    let numbered = [Int32](unsafeUninitializedCapacity: width * height) { result, initialized in
      labels.values.withUnsafeBufferPointer { values in
        number.withUnsafeMutableBufferPointer { number in
          var (before, new): (Int32, Int32) = (-1, -1)
          for y in 0..<height {
            let (start, pixel) = (labels.start(ofRow: y), y * width)
            for x in 0..<width {
              let label = values[start + x]
              if label != before {
                before = label
                let joined = Int(into[Int(label)])
                if number[joined] < 0 {
                  number[joined] = count
                  count += 1
                }
                new = number[joined]
              }
              result[pixel + x] = new
            }
          }
        }
      }
      initialized = width * height
    }
    return RegionMap(width: width, height: height, labels: numbered, count: Int(count))
  }
}
