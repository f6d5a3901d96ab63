/// The colours of a drawing's regions at its own size, without its ink.
///
/// Flats have one colour a region, and where that is not enough the layer, enlarged from the
/// region's own cells alone, so that no colour crosses a line; what is near the region's colour
/// becomes it, and so does a smear. Within one grey level of `training/picture/flats/compose.py`.
public struct FlatColors: Sendable {
  /// The regions that are coloured.
  public let regions: RegionMap

  private let chosen: RegionColors
  private let painted: Painted
  private let lineart: Picture

  /// The colour of each region. Of regions between which a gap was none, it is one.
  public var colors: [RGB] { chosen.groups.map { chosen.colors[Int($0)] } }
  /// Whether one colour is not enough for a region: the layer shows in it.
  public var isSmooth: [Bool] { chosen.groups.map { chosen.isSmooth[Int($0)] } }

  /// Chooses the colours.
  ///
  /// map: of the drawing's regions. lineart: the drawing. hints: of its size, or nil. Throws for
  /// another size or other channels.
  public init(
    _ map: RegionMap, painted: Painted, lineart: Picture, hints: Hints? = nil
  ) throws(NurieError) {
    try lineart.requireGrey()
    try hints?.requireSize(of: lineart)
    guard map.width == lineart.width, map.height == lineart.height else {
      throw .picture(
        "Expected regions of the drawing, \(lineart.width) x \(lineart.height), received "
          + "\(map.width) x \(map.height). Find them anew.")
    }
    regions = map
    self.painted = painted
    self.lineart = lineart
    chosen = RegionColors(map, painted: painted, lineart: lineart, hints: hints)
  }

  /// Paints the regions: RGB, of the drawing's size.
  public func picture() -> Picture { plane().picture }

  /// Paints the regions, and those that are locked in colours that stand whatever a model or a hint
  /// says.
  ///
  /// locked: of regions of the same drawing, at this moment or another. Throws for another size.
  public func picture(locked: LockedColors) throws(NurieError) -> Picture {
    guard locked.map.width == regions.width, locked.map.height == regions.height else {
      throw .picture(
        "Expected locked colours of the drawing, \(regions.width) x \(regions.height), received "
          + "those of \(locked.map.width) x \(locked.map.height). Take them from its own regions.")
    }
    var result = plane()
    result.values.withUnsafeMutableBufferPointer { bytes in
      paint(locked.map, colors: locked.colors, to: bytes)
    }
    return result.picture
  }

  /// The regions in their colours.
  private func plane() -> Plane<UInt8> {
    let bytes = [UInt8](unsafeUninitializedCapacity: regions.labels.count * 3) { bytes, count in
      paint(regions, colors: colors, to: bytes)
      count = regions.labels.count * 3
    }
    var result = Plane(width: regions.width, height: regions.height, channels: 3, values: bytes)
    let boxes = regions.boxes(of: chosen.groups)
    let columns = painted.placement.columns(regions.width, of: painted.working.width)
    let rows = painted.placement.rows(regions.height, of: painted.working.height)
    for region in chosen.isSmooth.indices where chosen.isSmooth[region] {
      let box = boxes[region]
      paintSmooth(
        region, in: box, columns: Self.covered(columns[box.columns]),
        rows: Self.covered(rows[box.rows]), to: &result)
    }
    for (region, hints) in chosen.hints
    where hints.colors.count > 1 && !chosen.isSmooth[region] {
      part(region, among: hints, in: boxes[region], of: &result)
    }
    return result
  }

  /// The cells along a side that pixels lie in which follow one another.
  private static func covered(_ cells: ArraySlice<Int32>) -> Range<Int> {
    guard let first = cells.first, let last = cells.last else { return 0..<0 }
    return Int(first)..<Int(last) + 1
  }

  /// Paints a region with the layer of its own cells.
  ///
  /// columns, rows: of the cells that the box lies in: of many regions, each takes as long as it is
  /// large. They are those of the whole drawing, by which the region's cells were counted: reckoned
  /// anew from the box's corner, a pixel whose middle lies on the border of two cells may fall into
  /// the other one.
  private func paintSmooth(
    _ region: Int, in box: RegionMap.Box, columns: Range<Int>, rows: Range<Int>,
    to result: inout Plane<UInt8>
  ) {
    guard !columns.isEmpty, !rows.isEmpty else { return }
    let (width, height) = (box.columns.count, box.rows.count)
    let plain = plainLayer(
      of: region, cellArea: painted.placement.cellArea, columns: columns, rows: rows)
    let crop = painted.placement.ofPart(
      left: box.columns.lowerBound, top: box.rows.lowerBound
    ).ofCrop(left: columns.lowerBound, top: rows.lowerBound)
    let (stride, labels, groups) = (result.stride, regions.labels, chosen.groups)
    let bands = Bands(rows: height, numbersPerRow: width)
    result.values.withUnsafeMutableBufferPointer { target in
      labels.withUnsafeBufferPointer { labels in
        bands.forEach { _, rows in
          var enlarger = Enlarger(plain, placement: crop, width: width, height: height)
          var line = [UInt8](repeating: 0, count: width * 3)
          for row in rows {
            line.withUnsafeMutableBufferPointer { enlarger.write(row, to: $0) }
            let place = (box.rows.lowerBound + row) * regions.width + box.columns.lowerBound
            let start = (box.rows.lowerBound + row) * stride + box.columns.lowerBound * 3
            line.withUnsafeBufferPointer { line in
              var x = 0
              while x < width {
                while x < width, groups[Int(labels[place + x])] != Int32(region) { x += 1 }
                let begin = x
                while x < width, groups[Int(labels[place + x])] == Int32(region) { x += 1 }
                for index in (begin * 3)..<(x * 3) { target[start + index] = line[index] }
              }
            }
          }
        }
      }
    }
  }

  /// The layer as a region's own cells say it, without smears.
  private func plainLayer(
    of region: Int, cellArea: Double, columns: Range<Int>, rows: Range<Int>
  ) -> Plane<UInt8> {
    var level = Filling.Level(
      width: columns.count, height: rows.count, colors: [],
      certainty: [Float](repeating: 0, count: columns.count * rows.count))
    level.colors.reserveCapacity(columns.count * rows.count * 3)
    let width = painted.layer.width
    for row in rows {
      let line = (row * width + columns.lowerBound) * 3..<(row * width + columns.upperBound) * 3
      level.colors += painted.layer.bytes[line].map { Float($0) }
    }
    for cell in chosen.cells[region] {
      let (y, x) = Int(cell.number).quotientAndRemainder(dividingBy: width)
      level.certainty[(y - rows.lowerBound) * columns.count + x - columns.lowerBound] =
        Float(min(Double(cell.area) / cellArea, 1))
    }
    let isGuessed = chosen.hints.isEmpty && chosen.isLarge[region]
    let own = isGuessed ? level.certainty.map { $0 > 0 } : nil
    var plain = Plane(
      width: columns.count, height: rows.count, channels: 3,
      values: Filling.filled(level).map { PixelRange.rounded($0) })
    Smears.remove(from: &plain, color: chosen.colors[region], figureOf: own)
    return plain
  }

  /// Parts a region among its hints: the one that reaches a pixel first, over paper, then under ink.
  private func part(
    _ region: Int, among hints: RegionHints, in box: RegionMap.Box, of result: inout Plane<UInt8>
  ) {
    var nearest = LabelPlane()
    nearest.reshape(width: box.columns.count, height: box.rows.count)
    func forEachPixel(_ body: (_ place: Int, _ own: Int) -> Void) {
      for row in box.rows {
        let own = nearest.start(ofRow: row - box.rows.lowerBound) - box.columns.lowerBound
        for column in box.columns { body(row * regions.width + column, own + column) }
      }
    }
    var (paper, ink): ([Int32], [Int32]) = ([], [])
    forEachPixel { place, own in
      guard chosen.groups[Int(regions.labels[place])] == Int32(region) else { return }
      if RegionMap.isPaper(lineart.bytes[place]) {
        paper.append(Int32(own))
      } else {
        ink.append(Int32(own))
      }
    }
    for place in paper { nearest.values[Int(place)] = LabelPlane.open }
    for hint in hints.places {
      let (y, x) = hint.place.quotientAndRemainder(dividingBy: regions.width)
      let own = nearest.start(ofRow: y - box.rows.lowerBound) + x - box.columns.lowerBound
      nearest.values[own] = Int32(hint.color + 1)
    }
    nearest.flood(from: nearest.labelled(beside: paper))
    for place in ink { nearest.values[Int(place)] = LabelPlane.open }
    // What only ink leads to is open still.
    let open = ink + paper.filter { nearest.values[Int($0)] == LabelPlane.open }
    nearest.flood(from: nearest.labelled(beside: open))
    forEachPixel { place, own in
      guard nearest.values[own] > 0 else { return }
      let color = hints.colors[Int(nearest.values[own]) - 1]
      result.values[place * 3] = color.red
      result.values[place * 3 + 1] = color.green
      result.values[place * 3 + 2] = color.blue
    }
  }

  /// Paints each region that has a colour. bytes: RGB of the map's size.
  private func paint(
    _ map: RegionMap, colors: [RGB?], to bytes: UnsafeMutableBufferPointer<UInt8>
  ) {
    let width = map.width
    map.labels.withUnsafeBufferPointer { labels in
      Bands(rows: map.height, numbersPerRow: width).forEach { _, rows in
        var (label, color): (Int32, RGB?) = (-1, nil)
        for place in (rows.lowerBound * width)..<(rows.upperBound * width) {
          if labels[place] != label {
            label = labels[place]
            color = colors[Int(label)]
          }
          guard let color else { continue }
          bytes[place * 3] = color.red
          bytes[place * 3 + 1] = color.green
          bytes[place * 3 + 2] = color.blue
        }
      }
    }
  }
}
