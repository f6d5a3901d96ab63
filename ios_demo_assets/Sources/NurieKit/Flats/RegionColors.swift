/// Chooses the colours of regions: the one that the layer has in each; hints win.
///
/// A region takes the medoid of its clean cells, or the colour of its hints. Regions that meet
/// across a gap and are of like colour become one: the gap was none. One without a clean cell takes
/// its best neighbour's colour. As `training/picture/flats/colors.py`.
struct RegionColors: Sendable {
  private static let largeSpread = OKLab.distance(0.08)  // mean distance of cells from their medoid
  private static let mostOfSheet = 0.6  // share of the drawing's pixels
  private static let like = OKLab.distance(0.2)  // of colours that are one, seen across a gap
  private static let likeHints = OKLab.distance(0.1)  // where both regions are hinted: two wishes
  private static let likePage = OKLab.distance(0.05)  // where one is most of the sheet
  private static let white = OKLab.distance(0.025)  // from white that is the net's noise

  /// Which of these regions each of the given ones has become: a gap between some was none.
  private(set) var groups: [Int32]
  private(set) var cells: Cells
  private(set) var hints: [Int: RegionHints]
  private(set) var colors: [RGB] = []
  /// Where one colour is not enough: the layer's spread is large, or the region is most of the sheet.
  private(set) var isSmooth: [Bool] = []
  /// What is most of the sheet.
  private(set) var isLarge: [Bool] = []

  private var isKnown: [Bool] = []
  private var spread: [Int] = []

  init(_ map: RegionMap, painted: Painted, lineart: Picture, hints given: Hints?) {
    groups = (0..<map.count).map { Int32($0) }
    cells = Cells(map, in: painted)
    hints = RegionHints.of(map, groups: groups, hints: given, lineart: lineart)
    var areas = map.areas()
    var borders = map.labels.withUnsafeBufferPointer { labels in
      Borders(labels, start: 0, stride: map.width, lineart: Plane(lineart))
    }
    chooseOwn(painted, areas: areas)
    let joined = joinedAcrossGaps(borders)
    if let last = joined.max(), last + 1 < map.count {
      groups = joined.map { Int32($0) }
      cells = cells.joined(into: joined, count: last + 1)
      borders = borders.joined(into: joined)
      hints = RegionHints.of(map, groups: groups, hints: given, lineart: lineart)
      var sums = [Int](repeating: 0, count: last + 1)
      for (region, area) in areas.enumerated() { sums[joined[region]] += area }
      areas = sums
      chooseOwn(painted, areas: areas)
    }
    takeFromNeighbors(borders)
    isSmooth = colors.indices.map { region in
      guard spread[region] > Self.largeSpread || isLarge[region], !cells[region].isEmpty else {
        return false
      }
      guard let hints = hints[region] else { return true }
      // Hints are of all of a region, but not those on a figure that the page leaks into.
      return isLarge[region] && !hints.isAll(colors[region])
    }
  }

  /// Sets each region's own colour, white without one.
  private mutating func chooseOwn(_ painted: Painted, areas: [Int]) {
    let sheet = Double(areas.reduce(0, +))
    isLarge = areas.map { Double($0) > Self.mostOfSheet * sheet }
    let medoids = areas.indices.map { Medoid(cells[$0], in: painted) }
    isKnown = medoids.map { $0 != nil }
    spread = medoids.map { $0?.spread ?? 0 }
    colors = medoids.map { medoid in
      guard let medoid else { return .white }
      let color = painted.color(medoid.cell)
      return OKLab(color).distance(to: .white) < Self.white ? .white : color
    }
    for (region, hints) in hints {
      if isLarge[region], isKnown[region] {
        // A hint on a figure that the page leaks into is no colour for the page.
        let page = OKLab(colors[region])
        let away = hints.colors.map { OKLab($0).distance(to: page) }
        if let least = away.min(), least < Self.likePage, let nearest = away.firstIndex(of: least) {
          colors[region] = hints.colors[nearest]
        }
      } else {
        colors[region] = hints.colors[0]
        isKnown[region] = true
      }
    }
  }

  /// The group of each region, numbered from 0 by their smallest members.
  private func joinedAcrossGaps(_ borders: Borders) -> [Int] {
    let joins = colors.indices.map { isKnown[$0] && hints[$0]?.colors.count ?? 1 == 1 }
    let lab = colors.map { OKLab($0) }
    var parent = Array(colors.indices)
    func root(_ region: Int) -> Int {
      var region = region
      while parent[region] != region { region = parent[region] }
      return region
    }
    for border in borders.all where border.gap > 0 && joins[border.first] && joins[border.second] {
      if lab[border.first].distance(to: lab[border.second]) < reach(border.first, border.second) {
        let (one, other) = (root(border.first), root(border.second))
        parent[max(one, other)] = min(one, other)
      }
    }
    var group = [Int](repeating: 0, count: colors.count)
    var count = 0
    for region in colors.indices {
      if parent[region] == region {
        group[region] = count
        count += 1
      } else {
        group[region] = group[parent[region]]
      }
    }
    return group
  }

  /// How unlike two regions across a gap may be that join, in OKLab.
  ///
  /// The page takes in only what is as good as of its own colour.
  private func reach(_ one: Int, _ other: Int) -> Int {
    if isLarge[one] || isLarge[other] { return Self.likePage }
    return hints[one] != nil && hints[other] != nil ? Self.likeHints : Self.like
  }

  /// Gives regions without a colour that of their best neighbour, in rounds from those with one.
  private mutating func takeFromNeighbors(_ borders: Borders) {
    while isKnown.contains(false) {
      let best = borders.bestNeighbors(wanted: isKnown.map { !$0 }, offered: isKnown)
      let before = colors
      var isAnyFound = false
      for region in best.indices {
        guard let other = best[region] else { continue }
        colors[region] = before[other]
        isKnown[region] = true
        isAnyFound = true
      }
      guard isAnyFound else { break }  // the net saw nothing but ink
    }
  }
}
