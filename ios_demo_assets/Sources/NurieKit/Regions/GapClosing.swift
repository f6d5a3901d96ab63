/// Finds the parts of a drawing's paper that belong together, however open the lines between them.
///
/// A ball that is larger than a gap cannot pass it: trapped-ball segmentation, Zhang et al. 2009,
/// "Vectorizing Cartoon Animations". As the radius of the ball falls, the places where it has room
/// appear, grow and meet. Where two meet whose rooms are both wider by far than the way between
/// them, that is a gap: they stay two parts. One that is hardly wider is a bay of the other, and
/// joins it. `training/picture/regions/parts.py` says more; the labels are equal to its labels.
struct GapClosing: Sendable {
  // Gaps of up to twice the largest radius are closed. Thick lines close more, up to a bound.
  private static let largestRadius = 1.0  // widths of a line, and at least
  private static let leastShare = 1.0 / 100  // of the picture's shorter side, and at most
  private static let mostShare = 1.0 / 16  // of it
  private static let smallestRadius = 0.3  // widths of a line
  private static let radiusStep = 1.4  // each radius is about the one before, divided by this
  private static let narrow = 1.4  // times as wide as a way is a room to which it is a gap
  private static let fineness = 3  // room for a ball is looked for at every (radius / this)th pixel

  private var components = Components()

  /// The radii of the balls in pixels, falling; 0, which fills all paper, is the last.
  static func radii(lineWidth: Double, width: Int, height: Int) -> [Int] {
    let side = Double(min(width, height))
    var radius = min(max(largestRadius * lineWidth, leastShare * side), mostShare * side)
    var found: [Int] = []
    while radius >= max(1, smallestRadius * lineWidth) {
      if found.last != Int(radius) { found.append(Int(radius)) }
      radius /= radiusStep
    }
    return found + [0]
  }

  /// Labels each part as far as it reaches alone, from 1; else open on paper, and closed on ink.
  ///
  /// distance: of every pixel to ink, squared. labels: of the same size, all closed.
  mutating func findParts(
    in distance: Plane<Int32>, lineWidth: Double, to labels: inout LabelPlane
  ) -> Parts {
    let (width, height) = (distance.width, distance.height)
    var record = PartRecord()
    var coarse = Raster(width: 0, height: 0, pitch: 0)
    var owners: [Int32] = []
    var before = 0
    for radius in Self.radii(lineWidth: lineWidth, width: width, height: height) {
      let pitch = Self.pitch(of: radius)
      findRoom(for: radius, pitch: pitch, in: distance)
      let new: [Int]
      (owners, new) = record.owners(
        of: components, pitch: pitch, wider: Self.narrow * Double(before))
      record.add(new, of: components, distance: distance, pitch: pitch, owners: &owners)
      if pitch > 1 {
        coarse = coarse.refined(to: pitch, width: width, height: height)
        fill(owners, from: 0, stride: coarse.width, in: &coarse.labels)
      } else if radius > 0 {
        fill(owners, from: labels.start(ofRow: 0), stride: labels.stride, in: &labels.values)
      }
      before = radius
    }
    return finish(owners, remaining: record.remaining(), coarse: coarse, in: &labels)
  }

  /// What is left to flood, and how much paper each label shows by now.
  struct Parts {
    var open: [Int32] = []
    var shown: [Int]
  }

  /// Opens all ink. Returns the labels beside it; one may stand there several times.
  func openInk(in labels: inout LabelPlane) -> [Int32] {
    var front: [Int32] = []
    let (width, rows, stride, start) = (
      labels.width, components.rows, labels.stride, labels.start(ofRow: 0)
    )
    labels.values.withUnsafeMutableBufferPointer { values in
      func add(_ place: Int) {
        if values[place] > 0 { front.append(Int32(truncatingIfNeeded: place)) }
      }
      for row in 0..<(rows.count - 1) {
        let first = start + row * stride
        var x = 0
        for run in rows[row]...rows[row + 1] {  // ink lies before each run of paper, and at last
          let isLast = run == rows[row + 1]
          let end = isLast ? width : Int(components.runs[run].start)
          if end > x {
            add(first + x - 1)
            add(first + end)
            for place in (first + x)..<(first + end) {
              values[place] = LabelPlane.open
              add(place - stride)
              add(place + stride)
            }
          }
          if !isLast { x = Int(components.runs[run].end) }
        }
      }
    }
    return front
  }

  /// The largest power of two that is no more than a share of the radius.
  private static func pitch(of radius: Int) -> Int {
    let share = radius / fineness
    return share < 2 ? 1 : 1 << (Int.bitWidth - share.leadingZeroBitCount - 1)
  }

  /// Finds the components of what is farther from ink than `radius`, at every `pitch`th pixel.
  private mutating func findRoom(for radius: Int, pitch: Int, in distance: Plane<Int32>) {
    let (width, height) = (distance.width, distance.height)
    let least = Int32(clamping: radius * radius)
    distance.values.withUnsafeBufferPointer { squared in
      components.find(height: (height + pitch - 1) / pitch, corners: false) { row, runs in
        let start = row * pitch * width
        let count = (width + pitch - 1) / pitch
        var x = 0
        while x < count {
          while x < count, squared[start + x * pitch] <= least { x += 1 }
          guard x < count else { break }
          let begin = x
          while x < count, squared[start + x * pitch] > least { x += 1 }
          runs.append(Components.Run(start: Int32(begin), end: Int32(x)))
        }
      }
    }
  }

  /// Gives the pixels of components that have an owner its number.
  private func fill(_ owners: [Int32], from start: Int, stride: Int, in labels: inout [Int32]) {
    labels.withUnsafeMutableBufferPointer { labels in
      for row in 0..<(components.rows.count - 1) {
        for run in components.rows[row]..<components.rows[row + 1] {
          let owner = owners[Int(components.component[run])]
          guard owner != LabelPlane.open else { continue }
          let first = start + row * stride
          let pixels = components.runs[run]
          labels[(first + Int(pixels.start))..<(first + Int(pixels.end))].update(repeating: owner)
        }
      }
    }
  }

  /// Labels the paper, whose components are known, for good.
  ///
  /// A component with an owner is its owner's. In one where several parts stay apart, each keeps
  /// what it had at a larger radius.
  private func finish(
    _ owners: [Int32], remaining: [Int32], coarse: Raster, in labels: inout LabelPlane
  ) -> Parts {
    var parts = Parts(shown: [Int](repeating: 0, count: remaining.count))
    let (first, stride) = (labels.start(ofRow: 0), labels.stride)
    labels.values.withUnsafeMutableBufferPointer { values in
      for row in 0..<(components.rows.count - 1) {
        for run in components.rows[row]..<components.rows[row + 1] {
          let pixels = components.runs[run]
          let owner = remaining[Int(owners[Int(components.component[run])])]
          let start = first + row * stride
          if owner != LabelPlane.open {
            values[(start + Int(pixels.start))..<(start + Int(pixels.end))].update(
              repeating: owner)
            parts.shown[Int(owner)] += Int(pixels.end - pixels.start)
            continue
          }
          for x in Int(pixels.start)..<Int(pixels.end) {
            let known = values[start + x]
            let label = remaining[
              Int(known != LabelPlane.closed ? known : coarse.label(x: x, y: row))]
            values[start + x] = label
            if label == LabelPlane.open {
              parts.open.append(Int32(truncatingIfNeeded: start + x))
            } else {
              parts.shown[Int(label)] += 1
            }
          }
        }
      }
    }
    return parts
  }

  /// Parts seen at every few pixels.
  private struct Raster {
    let width: Int, height: Int, pitch: Int
    var labels: [Int32]

    init(width: Int, height: Int, pitch: Int) {
      (self.width, self.height, self.pitch) = (width, height, pitch)
      labels = [Int32](repeating: LabelPlane.open, count: width * height)
    }

    /// The same at more pixels. pitch: of these, for a picture of that size.
    func refined(to pitch: Int, width: Int, height: Int) -> Raster {
      if pitch == self.pitch { return self }
      var finer = Raster(
        width: (width + pitch - 1) / pitch, height: (height + pitch - 1) / pitch, pitch: pitch)
      guard self.pitch > 0 else { return finer }
      let times = self.pitch / pitch
      for y in 0..<finer.height {
        for x in 0..<finer.width {
          finer.labels[y * finer.width + x] = labels[y / times * self.width + x / times]
        }
      }
      return finer
    }

    /// The part at a pixel of the picture.
    @inline(__always)
    func label(x: Int, y: Int) -> Int32 {
      pitch > 1 ? labels[y / pitch * width + x / pitch] : LabelPlane.open
    }
  }
}
