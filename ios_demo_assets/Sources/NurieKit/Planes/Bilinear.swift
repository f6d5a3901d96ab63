/// Scales pictures up as OpenCV's INTER_LINEAR does, in its fixed point of 11 bits.
enum Bilinear {
  /// Between which two pixels along a side each new one lies, and how near to each.
  struct Side {
    /// Where new pixels lie: middle on middle, or as OpenCV's INTER_AREA lets a side grow.
    enum Rule { case linear, area }

    /// Weights are of this many.
    static let unit: Float = 2048

    private(set) var first: [Int32] = [], second: [Int32] = []
    private(set) var firstWeight: [Int32] = [], secondWeight: [Int32] = []

    init(_ pixels: Int, to count: Int, rule: Rule = .linear) {
      self.init(
        pixels, places: 0..<count, rule: rule, scale: 1 / (Double(count) / Double(pixels)))
    }

    /// places: of the enlarged side, those that are asked for. scale: old pixels to a new one.
    init(_ pixels: Int, places: Range<Int>, rule: Rule = .linear, scale: Double) {
      for place in places {
        var floor: Int
        var part: Float
        switch rule {
        case .linear:
          let exact = Float((Double(place) + 0.5) * scale - 0.5)
          floor = Int(exact.rounded(.down))
          part = exact - Float(floor)
        case .area:
          floor = Int((Double(place) * scale).rounded(.down))
          part = Float(Double(place + 1) - Double(floor + 1) / scale)
          part = part <= 0 ? 0 : part - part.rounded(.down)
        }
        first.append(Int32(min(max(floor, 0), pixels - 1)))
        second.append(Int32(min(max(floor + 1, 0), pixels - 1)))
        secondWeight.append(Int32((part * Self.unit).rounded(.toNearestOrEven)))
        firstWeight.append(Int32(((1 - part) * Self.unit).rounded(.toNearestOrEven)))
      }
    }

    var count: Int { first.count }
  }

  static func resized(
    _ plane: Plane<UInt8>, width: Int, height: Int, across: Side? = nil, down: Side? = nil
  ) -> Plane<UInt8> {
    let across = across ?? Side(plane.width, to: width)
    let down = down ?? Side(plane.height, to: height)
    var result = Plane<UInt8>(
      width: width, height: height, channels: plane.channels, filledWith: 0)
    let stride = result.stride
    let bands = Bands(rows: height, numbersPerRow: stride)
    result.values.withUnsafeMutableBufferPointer { target in
      bands.forEach { _, rows in
        var source = Rows(plane, across: across, down: down)
        for row in rows {
          source.write(
            row,
            to: UnsafeMutableBufferPointer(rebasing: target[(row * stride)..<((row + 1) * stride)]))
        }
      }
    }
    return result
  }

  /// The rows of an enlarged picture, one after the other.
  struct Rows {
    private let plane: Plane<UInt8>
    private let across: Side, down: Side
    /// Two rows of the picture, enlarged along the row, and which they are.
    private var enlarged: [[Int32]]
    private var number: [Int32] = [-1, -1]

    init(_ plane: Plane<UInt8>, across: Side, down: Side) {
      self.plane = plane
      self.across = across
      self.down = down
      let row = [Int32](repeating: 0, count: across.count * plane.channels)
      enlarged = [row, row]
    }

    /// Writes row `row` of the enlarged picture. target: as many numbers as it has.
    mutating func write(_ row: Int, to target: UnsafeMutableBufferPointer<UInt8>) {
      let above = slot(of: down.first[row], keeping: down.second[row])
      let below = slot(of: down.second[row], keeping: down.first[row])
      let (upper, lower) = (down.firstWeight[row], down.secondWeight[row])
      enlarged[above].withUnsafeBufferPointer { above in
        enlarged[below].withUnsafeBufferPointer { below in
          for index in 0..<target.count {
            let sum = (upper &* (above[index] >> 4)) >> 16 &+ (lower &* (below[index] >> 4)) >> 16
            target[index] = UInt8(truncatingIfNeeded: (sum &+ 2) >> 2)
          }
        }
      }
    }

    /// Enlarges a row along itself, unless it is there already. Returns which of the two it is.
    private mutating func slot(of row: Int32, keeping other: Int32) -> Int {
      if number[0] == row { return 0 }
      if number[1] == row { return 1 }
      let slot = number[0] == other ? 1 : 0
      number[slot] = row
      let channels = plane.channels
      let start = Int(row) * plane.stride
      plane.values.withUnsafeBufferPointer { source in
        enlarged[slot].withUnsafeMutableBufferPointer { target in
          for place in 0..<across.count {
            let (left, right) = (
              start + Int(across.first[place]) * channels,
              start + Int(across.second[place]) * channels
            )
            for channel in 0..<channels {
              target[place * channels + channel] =
                Int32(source[left + channel]) &* across.firstWeight[place]
                &+ Int32(source[right + channel]) &* across.secondWeight[place]
            }
          }
        }
      }
      return slot
    }
  }
}
