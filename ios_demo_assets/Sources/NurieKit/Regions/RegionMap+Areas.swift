extension RegionMap {
  /// The smallest rectangle that holds a region.
  struct Box: Sendable {
    var columns: Range<Int>, rows: Range<Int>
  }

  /// How many pixels each region has.
  func areas() -> [Int] {
    var areas = [Int](repeating: 0, count: count)
    forEachRun { region, _, columns in areas[region] += columns.count }
    return areas
  }

  /// The box of each region.
  func boxes() -> [Box] {
    var boxes = [Box](repeating: Box(columns: 0..<0, rows: 0..<0), count: count)
    forEachRun { region, row, columns in
      let old = boxes[region]
      if old.rows.isEmpty {
        boxes[region] = Box(columns: columns, rows: row..<(row + 1))
      } else {
        boxes[region] = Box(
          columns: min(old.columns.lowerBound, columns.lowerBound)..<max(
            old.columns.upperBound, columns.upperBound),
          rows: old.rows.lowerBound..<(row + 1))
      }
    }
    return boxes
  }

  /// The map of groups of regions. groups: of each region; numbered from 0 by smallest members.
  func joined(into groups: [Int], count: Int) -> RegionMap {
    let table = groups.map { Int32($0) }
    var joined = [Int32](repeating: 0, count: labels.count)
    labels.withUnsafeBufferPointer { labels in
      joined.withUnsafeMutableBufferPointer { joined in
        table.withUnsafeBufferPointer { table in
          Bands(rows: height, numbersPerRow: width).forEach { _, rows in
            for place in (rows.lowerBound * width)..<(rows.upperBound * width) {
              joined[place] = table[Int(labels[place])]
            }
          }
        }
      }
    }
    return RegionMap(width: width, height: height, labels: joined, count: count)
  }

  /// Calls `body` with each run of one region in a row, row by row.
  private func forEachRun(_ body: (_ region: Int, _ row: Int, _ columns: Range<Int>) -> Void) {
    labels.withUnsafeBufferPointer { labels in
      for row in 0..<height {
        var x = 0
        while x < width {
          let (label, begin) = (labels[row * width + x], x)
          repeat { x += 1 } while x < width && labels[row * width + x] == label
          body(Int(label), row, begin..<x)
        }
      }
    }
  }
}
