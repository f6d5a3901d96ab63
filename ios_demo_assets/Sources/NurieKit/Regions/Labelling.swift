/// Finds the regions of one drawing after the other, in the same memory.
struct Labelling: Sendable {
  private static let tiny = 0.25  // squared widths of a line: a region that shows less is none
  private static let fewest = 4.0  // pixels of paper: specks beside an antialiased line show less

  private var distance = ExactDistance()
  private var gaps = GapClosing()
  private var labels = LabelPlane()

  /// lineart: one channel. lineWidth: in pixels, above 0. Throws for more pixels than Int32 numbers.
  mutating func find(
    _ lineart: Plane<UInt8>, lineWidth: Double
  ) throws(NurieError) -> RegionMap {
    let (width, height) = (lineart.width, lineart.height)
    guard (width + 2) * (height + 2) <= Int(Int32.max) else {
      throw .picture(
        "Expected a drawing of fewer than \(Int32.max) pixels, received \(width) x \(height). "
          + "Scale it down.")
    }
    let isParted = lineart.values.withUnsafeBufferPointer { levels in
      levels.contains { RegionMap.isPaper($0) } && levels.contains { !RegionMap.isPaper($0) }
    }
    guard isParted else {
      return RegionMap(
        width: width, height: height, labels: [Int32](repeating: 0, count: width * height),
        count: 1)
    }
    distance.measure(lineart, paperFrom: RegionMap.paperFrom)
    labels.reshape(width: width, height: height)
    var parts = gaps.findParts(in: distance.squared, lineWidth: lineWidth, to: &labels)
    labels.flood(from: labels.labelled(beside: parts.open))
    for place in parts.open { parts.shown[Int(labels.values[Int(place)])] += 1 }
    // Then under the ink to the middle of the lines, so that no halo of paper shows.
    labels.flood(from: gaps.openInk(in: &labels))
    let smallest = max(Self.fewest, Self.tiny * lineWidth * lineWidth)
    return numbered(
      joining: tinyJoined(lineart, shown: parts.shown, smallest: smallest), lineart: lineart)
  }

  /// Lets regions that show little paper join their best neighbour, from the large ones on.
  ///
  /// Returns what each label becomes. Labels are from 1 here. shown: how much paper each shows; every
  /// one that is somewhere shows some.
  private func tinyJoined(
    _ lineart: Plane<UInt8>, shown: [Int], smallest: Double
  ) -> [Int32] {
    var into = shown.indices.map { Int32($0) }
    var tiny = shown.map { Double($0) < smallest }
    guard tiny.contains(false), zip(tiny, shown).contains(where: { $0 && $1 > 0 }) else {
      return into
    }
    let borders = labels.values.withUnsafeBufferPointer { values in
      Borders(values, start: labels.start(ofRow: 0), stride: labels.stride, lineart: lineart)
    }
    // Through gaps first, from one to the next: a row of tiny regions in a corner is of its area,
    // and not of what lies behind the line.
    for throughGaps in [true, false] {
      while tiny.contains(true) {
        let best = borders.bestNeighbors(
          wanted: tiny, offered: tiny.map { !$0 }, throughGaps: throughGaps)
        let joining = best.indices.filter { best[$0] != nil }
        guard !joining.isEmpty else { break }
        for region in joining {
          if let other = best[region] { into[region] = into[other] }
          tiny[region] = false
        }
      }
    }
    return into
  }

  /// Numbers regions anew, without a gap, by their first pixels.
  private func numbered(joining into: [Int32], lineart: Plane<UInt8>) -> RegionMap {
    let (width, height) = (labels.width, labels.height)
    var number = [Int32](repeating: -1, count: into.count)
    var count: Int32 = 0
    let numbered = [Int32](unsafeUninitializedCapacity: width * height) { result, initialized in
      labels.values.withUnsafeBufferPointer { values in
        var before: Int32 = -1
        for y in 0..<height {
          let start = labels.start(ofRow: y)
          for place in start..<(start + width) where values[place] != before {
            before = values[place]
            let joined = Int(into[Int(before)])
            if number[joined] < 0 {
              number[joined] = count
              count += 1
            }
          }
        }
        let table = into.map { number[Int($0)] }
        table.withUnsafeBufferPointer { table in
          Bands(rows: height, numbersPerRow: width).forEach { _, rows in
            for y in rows {
              let (start, pixel) = (labels.start(ofRow: y), y * width)
              for x in 0..<width { result[pixel + x] = table[Int(values[start + x])] }
            }
          }
        }
      }
      initialized = width * height
    }
    return RegionMap(width: width, height: height, labels: numbered, count: Int(count))
  }
}
