/// How much of each region lies in each cell, by region and then by cell, row by row.
struct Cells: Sendable {
  struct Cell: Sendable {
    let number: Int32
    /// Pixels of the drawing, 1 or more.
    let area: Int32
  }

  private let cells: [Cell]
  /// Where the cells of each region begin, and after the last one where they end.
  private let starts: [Int]

  /// Counts the pixels of each region in each cell that is clean.
  init(_ map: RegionMap, in painted: Painted) {
    let (width, height) = (painted.working.width, painted.working.height)
    let columns = painted.placement.columns(map.width, of: width)
    let rows = painted.placement.rows(map.height, of: height)
    // Rows of cells, and which rows of the drawing lie in each.
    var ends = [Int](repeating: 0, count: height)
    for row in rows { ends[Int(row)] += 1 }
    for row in 1..<max(1, height) { ends[row] += ends[row - 1] }
    let bands = Bands(rows: height, numbersPerRow: map.width * map.height / height)
    var parts = [[(first: Int, second: Int, sum: Int)]](repeating: [], count: bands.count)
    parts.withUnsafeMutableBufferPointer { parts in
      map.labels.withUnsafeBufferPointer { labels in
        bands.forEach { band, rows in
          for row in rows {
            var sums = PairSums()
            for y in (row == 0 ? 0 : ends[row - 1])..<ends[row] {
              var x = 0
              while x < map.width {
                let (label, column, begin) = (labels[y * map.width + x], columns[x], x)
                repeat {
                  x += 1
                } while x < map.width && columns[x] == column
                  && labels[y * map.width + x] == label
                sums.add(x - begin, to: Int(column), Int(label))
              }
            }
            parts[band] += sums.sorted().compactMap { found in
              let cell = row * width + found.first
              return painted.isClean(cell) ? (cell, found.second, found.sum) : nil
            }
          }
        }
      }
    }
    self.init(parts.joined().map { ($0.second, $0.first, $0.sum) }, regions: map.count)
  }

  /// What regions have together. groups: of each region, numbered from 0.
  func joined(into groups: [Int], count: Int) -> Cells {
    var sums = PairSums()
    for region in groups.indices {
      for cell in self[region] { sums.add(Int(cell.area), to: groups[region], Int(cell.number)) }
    }
    return Cells(sums.sorted().map { ($0.first, $0.second, $0.sum) }, regions: count)
  }

  /// The cells of one region.
  subscript(region: Int) -> ArraySlice<Cell> { cells[starts[region]..<starts[region + 1]] }

  /// found: by cell within each region, in any order of regions.
  private init(_ found: [(region: Int, cell: Int, area: Int)], regions: Int) {
    var starts = [Int](repeating: 0, count: regions + 1)
    for one in found { starts[one.region + 1] += 1 }
    for region in 0..<regions { starts[region + 1] += starts[region] }
    var next = starts
    var cells = [Cell](repeating: Cell(number: 0, area: 0), count: found.count)
    for one in found {
      cells[next[one.region]] = Cell(number: Int32(one.cell), area: Int32(one.area))
      next[one.region] += 1
    }
    self.cells = cells
    self.starts = starts
  }
}
