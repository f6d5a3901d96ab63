/// Labels of every pixel in a frame of closed ones, so that no step leaves the picture.
struct LabelPlane: Sendable {
  /// To be flooded, and never to be.
  static let open: Int32 = 0, closed: Int32 = -1

  private(set) var width = 0, height = 0
  /// From one row to the next.
  var stride: Int { width + 2 }
  /// (height + 2) x (width + 2), the frame closed.
  var values: [Int32] = []

  /// Takes another size, all open.
  mutating func reshape(width: Int, height: Int) {
    self.width = width
    self.height = height
    let count = (width + 2) * (height + 2)
    values.removeAll(keepingCapacity: true)
    values.append(contentsOf: repeatElement(Self.open, count: count))
    for x in 0..<stride {
      values[x] = Self.closed
      values[count - 1 - x] = Self.closed
    }
    for y in 1...max(1, height) {
      values[y * stride] = Self.closed
      values[y * stride + stride - 1] = Self.closed
    }
  }

  /// The place of the first pixel of a row.
  func start(ofRow y: Int) -> Int { (y + 1) * stride + 1 }

  /// Floods labels outwards over all that is open, one pixel deeper each round.
  ///
  /// Each round has four turns: every pixel that the round before labelled gives its label to the
  /// pixel on its left, then every one to that on its right, then above, then below, wherever that
  /// one is open still. The same order as training/picture/regions/flood.py.
  mutating func flood() {
    var front = besideOpen()
    let steps = [-1, 1, -stride, stride]
    values.withUnsafeMutableBufferPointer { values in
      var reached: [Int32] = []
      while !front.isEmpty {
        reached.removeAll(keepingCapacity: true)
        for step in steps {
          for place in front {
            let next = Int(place) + step
            if values[next] == Self.open {
              values[next] = values[Int(place)]
              reached.append(Int32(next))
            }
          }
        }
        swap(&front, &reached)
      }
    }
  }

  /// Places of labels that have an open pixel beside them; one may stand there several times.
  private func besideOpen() -> [Int32] {
    var places: [Int32] = []
    values.withUnsafeBufferPointer { values in
      for y in 0..<height {
        let start = start(ofRow: y)
        for place in start..<(start + width) where values[place] == Self.open {
          for beside in [place - 1, place + 1, place - stride, place + stride]
          where values[beside] > 0 {
            places.append(Int32(beside))
          }
        }
      }
    }
    return places
  }
}
