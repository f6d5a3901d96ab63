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

  /// The box of each group of regions. groups: of each region.
  func boxes(of groups: [Int32]) -> [Box] {
    var boxes = [Box](
      repeating: Box(columns: 0..<0, rows: 0..<0), count: Int(groups.max() ?? 0) + 1)
    forEachRun { label, row, columns in
      let region = Int(groups[label])
      let old = boxes[region]
      if old.rows.isEmpty {
        boxes[region] = Box(columns: columns, rows: row..<(row + 1))
      } else {
        boxes[region] = Box(
          columns: min(
            old.columns.lowerBound, columns.lowerBound)..<max(
              old.columns.upperBound, columns.upperBound),
          rows: old.rows.lowerBound..<(row + 1))
      }
    }
    return boxes
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
