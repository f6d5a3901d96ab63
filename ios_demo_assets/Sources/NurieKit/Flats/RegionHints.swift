/// The hints of one region: its colours, the most used first, and where each one stands.
///
/// As `training/picture/flats/hinted.py`.
struct RegionHints: Sendable {
  let colors: [RGB]
  /// Places in the drawing, and which of the colours stands there.
  let places: [(place: Int, color: Int)]

  /// In OKLab: a brush's soft edge and its grain are the colour of its middle.
  private static let oneColor = OKLab.distance(0.06)

  /// The hints of each region that has any. Hints on ink are none: a stroke's edge.
  ///
  /// groups: the region that each one of the map belongs to.
  static func of(
    _ map: RegionMap, groups: [Int32], hints: Hints?, lineart: Picture
  ) -> [Int: RegionHints] {
    guard let hints else { return [:] }
    var places: [Int: [Int]] = [:]
    hints.picture.bytes.withUnsafeBufferPointer { bytes in
      for place in 0..<lineart.bytes.count
      where bytes[place * 4 + 3] >= Pooling.hintFrom && RegionMap.isPaper(lineart.bytes[place]) {
        places[Int(groups[Int(map.labels[place])]), default: []].append(place)
      }
    }
    return places.mapValues { RegionHints(at: $0, in: hints.picture) }
  }

  /// Takes the most used colour, and what is near it, and again of the rest.
  private init(at places: [Int], in hints: Picture) {
    let given = places.map { RGB(hints.bytes, pixel: $0, channels: 4) }
    var uses: [RGB: Int] = [:]
    for color in given { uses[color, default: 0] += 1 }
    // Of colours used equally, the first by red, then green, then blue.
    var left = uses.sorted { one, other in
      one.value != other.value ? one.value > other.value : one.key.order < other.key.order
    }.map(\.key)
    var colors: [RGB] = []
    var number: [RGB: Int] = [:]
    while let most = left.first {
      let lab = OKLab(most)
      left.removeAll { color in
        guard OKLab(color).distance(to: lab) < Self.oneColor else { return false }
        number[color] = colors.count
        return true
      }
      colors.append(most)
    }
    self.colors = colors
    self.places = zip(places, given).map { ($0, number[$1] ?? 0) }
  }

  /// Whether all hints are of that color.
  func isAll(_ color: RGB) -> Bool { colors.allSatisfy { $0 == color } }
}

extension RGB {
  /// A number by which colours are sorted: red first.
  fileprivate var order: Int { Int(red) << 16 | Int(green) << 8 | Int(blue) }
}
