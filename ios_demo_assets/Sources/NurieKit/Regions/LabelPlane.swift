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

  /// Floods labels outwards over all that is open, one pixel deeper each round.
  ///
  /// Each round has four turns: every pixel that the round before labelled gives its label to the
  /// pixel on its left, then every one to that on its right, then above, then below, wherever that
  /// one is open still. The same order as training/picture/regions/flood.py. opened: all open
  /// places.
  mutating func flood(_ opened: [Int32]) {
    let steps = [-1, 1, -stride, stride]
    values.withUnsafeMutableBufferPointer { values in
      var front: [Int32] = []
      // One place may stand there several times: the second time, it finds nothing open.
      for place in opened {
        for step in steps where values[Int(place) + step] > 0 {
          front.append(place + Int32(step))
        }
      }
      var reached: [Int32] = []
      while !front.isEmpty {
        reached.removeAll(keepingCapacity: true)
        for step in steps {
          for place in front {
            let next = Int(place) + step
            if values[next] == Self.open {
              values[next] = values[Int(place)]
              reached.append(Int32(truncatingIfNeeded: next))
            }
          }
        }
        swap(&front, &reached)
      }
    }
  }
}
