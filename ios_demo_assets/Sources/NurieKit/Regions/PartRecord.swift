/// The parts of a drawing's paper found so far, by number from 1, and what has become of each.
struct PartRecord {
  /// A pixel of each part.
  private var x = [0], y = [0]
  /// How wide each part was when it appeared: the largest distance in it.
  private var room: [Float] = [0]
  /// Itself, the part that it joined, or open: given up.
  private var into: [Int32] = [LabelPlane.open]

  /// Says which part each component belongs to, open where two stay apart, and which are new.
  ///
  /// wider: the room, at least, of a part that stays apart.
  mutating func owners(
    of components: Components, pitch: Int, wider: Double
  ) -> (owners: [Int32], new: [Int]) {
    var owners = [Int32](repeating: LabelPlane.open, count: components.count)
    // Parts of each component, as lists: the first, and from each part the next.
    var first = [Int](repeating: 0, count: components.count)
    var next = [Int](repeating: 0, count: into.count)
    for part in stride(from: into.count - 1, to: 0, by: -1) where into[part] == Int32(part) {
      let component = components.component(x: x[part] / pitch, y: y[part] / pitch)
      next[part] = first[component]
      first[component] = part
    }
    var new: [Int] = []
    for component in 0..<components.count {
      let part = first[component]
      if part == 0 {
        new.append(component)
      } else if next[part] == 0 {
        owners[component] = Int32(part)
      } else {
        let several = Array(sequence(first: part) { next[$0] == 0 ? nil : next[$0] })
        owners[component] = meet(several, wider: Float(wider))
      }
    }
    return (owners, new)
  }

  /// Numbers new parts, by their first pixels, and writes the numbers to `owners`.
  mutating func add(
    _ new: [Int], of components: Components, distance: Plane<Int32>, pitch: Int,
    owners: inout [Int32]
  ) {
    guard !new.isEmpty else { return }
    let before = into.count
    for component in new {  // components are in the order of their first pixels already
      let run = components.firstRun[component]
      owners[component] = Int32(into.count)
      into.append(Int32(into.count))
      x.append(Int(components.runs[run].start) * pitch)
      y.append(components.row(of: run) * pitch)
    }
    var largest = [Int32](repeating: 0, count: into.count - before)
    distance.values.withUnsafeBufferPointer { squared in
      for row in 0..<(components.rows.count - 1) {
        let start = row * pitch * distance.width
        for run in components.rows[row]..<components.rows[row + 1] {
          let part = Int(owners[Int(components.component[run])]) - before
          guard part >= 0 else { continue }
          let pixels = components.runs[run]
          for x in pixels.start..<pixels.end {
            largest[part] = max(largest[part], squared[start + Int(x) * pitch])
          }
        }
      }
    }
    // Compared as float32, as OpenCV's distances are: from 2,048 pixels on, some are equal there.
    room += largest.map { Float(Double($0).squareRoot()) }
  }

  /// What each number has become.
  func remaining() -> [Int32] {
    var remaining = into
    // A part joins a lower number or a higher one: follow to the end.
    for part in remaining.indices {
      var last = into[part]
      while into[Int(last)] != last { last = into[Int(last)] }
      remaining[part] = last
    }
    return remaining
  }

  /// Lets parts join or stay apart. Returns the one that is left, or open.
  private mutating func meet(_ several: [Int], wider: Float) -> Int32 {
    if several.count(where: { room[$0] >= wider }) > 1 {
      // Flooded from whichever they are bays of.
      for part in several where room[part] < wider { into[part] = LabelPlane.open }
      return LabelPlane.open
    }
    var remains = several[0]
    for part in several where room[part] > room[remains] { remains = part }
    for part in several { into[part] = Int32(remains) }
    return Int32(remains)
  }
}
