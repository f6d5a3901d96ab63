/// Connected areas of a mask, found by the runs of pixels that they have in each row.
struct Components: Sendable {
  /// Pixels `start..<end` of a row.
  struct Run: Sendable {
    var start: Int32, end: Int32
  }

  /// The runs, row by row; those of row y are `rows[y]..<rows[y + 1]`.
  private(set) var runs: [Run] = []
  private(set) var rows: [Int] = [0]
  /// The component of each run: numbered from 0 by their first pixels, row by row.
  private(set) var component: [Int32] = []
  /// How many components there are.
  private(set) var count = 0
  /// The first run of each component.
  private(set) var firstRun: [Int] = []

  /// Finds the components. append: adds the runs of a row, from the left, none beside another.
  ///
  /// corners: whether pixels touch over a corner, too.
  mutating func find(
    height: Int, corners: Bool, append: (_ row: Int, _ runs: inout [Run]) -> Void
  ) {
    runs.removeAll(keepingCapacity: true)
    rows.removeAll(keepingCapacity: true)
    rows.append(0)
    for row in 0..<height {
      append(row, &runs)
      rows.append(runs.count)
    }
    join(reach: corners ? 1 : 0)
    number()
  }

  /// The row of a run's number.
  func row(of run: Int) -> Int {
    var (low, high) = (0, rows.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if rows[middle] <= run { low = middle } else { high = middle }
    }
    return low
  }

  /// The component of a pixel. Precondition: the pixel lies in one.
  func component(x: Int, y: Int) -> Int {
    var (low, high) = (rows[y], rows[y + 1])
    while high - low > 1 {
      let middle = (low + high) / 2
      if runs[middle].start <= Int32(x) { low = middle } else { high = middle }
    }
    return Int(component[low])
  }

  /// Lets `component` lead from each run towards the first run of its component.
  private mutating func join(reach: Int32) {
    component.removeAll(keepingCapacity: true)
    component.append(contentsOf: 0..<Int32(runs.count))
    runs.withUnsafeBufferPointer { runs in
      component.withUnsafeMutableBufferPointer { parent in
        for row in 1..<max(1, rows.count - 1) {
          var above = rows[row - 1]
          var here = rows[row]
          while above < rows[row], here < rows[row + 1] {
            if runs[above].start < runs[here].end + reach,
              runs[here].start < runs[above].end + reach
            {
              Self.unite(Int32(above), Int32(here), in: parent)
            }
            if runs[above].end < runs[here].end { above += 1 } else { here += 1 }
          }
        }
      }
    }
  }

  private static func root(
    of run: Int32, in parent: UnsafeMutableBufferPointer<Int32>
  ) -> Int32 {
    var run = run
    while parent[Int(run)] != run {
      parent[Int(run)] = parent[Int(parent[Int(run)])]
      run = parent[Int(run)]
    }
    return run
  }

  private static func unite(
    _ one: Int32, _ other: Int32, in parent: UnsafeMutableBufferPointer<Int32>
  ) {
    let (one, other) = (root(of: one, in: parent), root(of: other, in: parent))
    parent[Int(max(one, other))] = min(one, other)
  }

  /// Replaces the first runs by numbers. A run's parent stands before it, and has its number.
  private mutating func number() {
    firstRun.removeAll(keepingCapacity: true)
    component.withUnsafeMutableBufferPointer { component in
      for run in component.indices {
        if Int(component[run]) == run {
          component[run] = Int32(firstRun.count)
          firstRun.append(run)
        } else {
          component[run] = component[Int(component[run])]
        }
      }
    }
    count = firstRun.count
  }
}
