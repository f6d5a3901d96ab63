/// Labels of every pixel in a frame of closed ones, so that no step leaves the picture.
struct LabelPlane: Sendable {
  /// To be flooded, and never to be.
  static let open: Int32 = 0, closed: Int32 = -1

  private(set) var width = 0, height = 0
  /// From one row to the next.
  var stride: Int { width + 2 }
  /// (height + 2) x (width + 2), the frame closed.
  var values: [Int32] = []

  /// Takes another size, all closed.
  mutating func reshape(width: Int, height: Int) {
    self.width = width
    self.height = height
    values.removeAll(keepingCapacity: true)
    values.append(contentsOf: repeatElement(Self.closed, count: (width + 2) * (height + 2)))
  }

  /// The place of the first pixel of a row.
  func start(ofRow y: Int) -> Int { (y + 1) * stride + 1 }

  /// The labels beside places, from which these are flooded; one may stand there several times.
  func labelled(beside places: [Int32]) -> [Int32] {
    var front: [Int32] = []
    values.withUnsafeBufferPointer { values in
      for place in places {
        for step in steps where values[Int(place) + step] > 0 {
          front.append(place + Int32(step))
        }
      }
    }
    return front
  }

  /// Floods labels outwards over all that is open, one pixel deeper each round.
  ///
  /// Each round has four turns: every pixel that the round before labelled gives its label to the
  /// pixel on its left, then every one to that on its right, then above, then below, wherever that
  /// one is open still. The same order as training/picture/regions/flood.py. The turns are taken
  /// in one go here, and what an earlier one would have labelled is labelled anew: so the front
  /// stays about in the order of the rows, and in the cache. front: labels beside all that is open.
  mutating func flood(from front: [Int32]) {
    let stride = stride
    values.withUnsafeMutableBufferPointer { values in
      var front = front
      var reached: [Int32] = []
      func give(_ label: Int32, to next: Int, turn: Int32) {
        let there = values[next]
        if there == Self.open {
          values[next] = Self.given(label, in: turn)
          reached.append(Int32(truncatingIfNeeded: next))
        } else if there < Self.closed, turn < Self.turn(of: there) {
          values[next] = Self.given(label, in: turn)
        }
      }
      while !front.isEmpty {
        reached.removeAll(keepingCapacity: true)
        for place in front {
          let (place, label) = (Int(place), values[Int(place)])
          give(label, to: place - 1, turn: 0)
          give(label, to: place + 1, turn: 1)
          give(label, to: place - stride, turn: 2)
          give(label, to: place + stride, turn: 3)
        }
        for place in reached { values[Int(place)] = Self.label(of: values[Int(place)]) }
        swap(&front, &reached)
      }
    }
  }

  /// From a pixel to those that it gives its label to, in the order of the turns.
  private var steps: [Int] { [-1, 1, -stride, stride] }

  /// A label that was given in this round, below `closed`, and in which turn.
  @inline(__always)
  private static func given(_ label: Int32, in turn: Int32) -> Int32 { -2 &- (label << 2 | turn) }
  @inline(__always)
  private static func turn(of given: Int32) -> Int32 { (-2 &- given) & 3 }
  @inline(__always)
  private static func label(of given: Int32) -> Int32 { (-2 &- given) >> 2 }
}
