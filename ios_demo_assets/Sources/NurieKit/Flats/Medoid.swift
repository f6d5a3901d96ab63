/// The colour of a region: the one of its cells from which the others are least far, by area.
///
/// It is one that is there: medians channel by channel turn a wall that is half gold, half blue
/// into khaki. As `training/picture/flats/medoid.py`.
struct Medoid {
  /// The cell of that colour.
  let cell: Int
  /// The mean distance of the region's area from it, in OKLab, rounded down.
  let spread: Int

  private static let most = 128  // cells of a region that are compared, evenly drawn

  /// Returns nil for a region without a cell. Of cells that serve equally, the first.
  init?(_ cells: ArraySlice<Cells.Cell>, in painted: Painted) {
    guard !cells.isEmpty else { return nil }
    let drawn = min(cells.count, Self.most)
    let compared = (0..<drawn).map { cells[cells.startIndex + $0 * cells.count / drawn] }
    let colors = compared.map { OKLab(painted.color(Int($0.number))) }
    var costs = [Int](repeating: 0, count: drawn)
    for one in 0..<drawn {
      for other in 0..<one {
        let distance = colors[one].distance(to: colors[other])
        costs[one] += distance * Int(compared[other].area)
        costs[other] += distance * Int(compared[one].area)
      }
    }
    var best = 0
    for one in 1..<max(1, drawn) where costs[one] < costs[best] { best = one }
    cell = Int(compared[best].number)
    spread = costs[best] / compared.reduce(0) { $0 + Int($1.area) }
  }
}
