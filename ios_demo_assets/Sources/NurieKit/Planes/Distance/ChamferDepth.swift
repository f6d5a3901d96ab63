/// How deep pixels lie in a shape, by steps of a knight's move, as OpenCV's mask of 5 x 5 counts them.
///
/// Borgefors 1986, "Distance transformations in digital images": nearly the Euclidean distance.
struct ChamferDepth: Sendable {
  /// Pixels, as a row begins `margin` numbers after the one above ended; 0 outside of the shape.
  private(set) var width = 0, height = 0
  private var padded = Plane<Float>()
  /// The shape's pixels, by places in `padded`, row by row: all that there is to measure.
  private var runs: [Range<Int>] = []

  private static let margin = 2
  private static let side: Float = 1, corner: Float = 1.4, knight: Float = 2.1969
  private static let far = Float.greatestFiniteMagnitude / 2

  /// What lies beyond the picture: outside of the shape, or nothing at all.
  enum Border { case outside, nothing }

  /// mask: writes a row of the shape, 0 outside and else more.
  mutating func measure(
    width: Int, height: Int, beyond border: Border,
    mask: (_ row: Int, _ target: UnsafeMutableBufferPointer<UInt8>) -> Void
  ) {
    self.width = width
    self.height = height
    let margin = Self.margin
    padded.reshape(width: width + 2 * margin, height: height + 2 * margin, spare: 0)
    let stride = padded.width
    var shape = [UInt8](repeating: 0, count: width)
    runs.removeAll(keepingCapacity: true)
    padded.values.withUnsafeMutableBufferPointer { depth in
      Self.frame(depth, width: width, height: height, as: border)
      for y in 0..<height {
        let start = (y + margin) * stride + margin
        UnsafeMutableBufferPointer(rebasing: depth[start..<(start + width)]).update(repeating: 0)
        shape.withUnsafeMutableBufferPointer { shape in
          mask(y, shape)
          var x = 0
          while x < width {
            while x < width, shape[x] == 0 { x += 1 }
            let begin = x
            while x < width, shape[x] != 0 {
              depth[start + x] = Self.nearer(of: depth, at: start + x, -1, stride)
              x += 1
            }
            if begin < x { runs.append((start + begin)..<(start + x)) }
          }
        }
      }
      for run in runs.reversed() {
        for index in run.reversed() {
          depth[index] = min(depth[index], Self.nearer(of: depth, at: index, 1, stride))
        }
      }
    }
  }

  /// How deep a pixel lies in the shape, in pixels.
  subscript(x: Int, y: Int) -> Float {
    padded.values[(y + Self.margin) * padded.width + x + Self.margin]
  }

  /// Whether no neighbour lies deeper: the middle of a line. False outside of the shape.
  func isMiddle(_ x: Int, _ y: Int) -> Bool {
    let here = self[x, y]
    guard here > 0 else { return false }
    for down in max(y - 1, 0)...min(y + 1, height - 1) {
      for across in max(x - 1, 0)...min(x + 1, width - 1) where self[across, down] > here {
        return false
      }
    }
    return true
  }

  /// The width of lines: twice the median depth along their middle, less 1; nil without any.
  func medianWidth() -> Double? {
    var depths: [Float] = []
    padded.values.withUnsafeBufferPointer { depth in
      let stride = padded.width
      for run in runs {
        for index in run {
          let here = depth[index]
          // Beyond the picture lies nothing deeper: no need to look whether it is the edge.
          if here >= depth[index - 1], here >= depth[index + 1],
            here
              >= max(depth[index - stride - 1], depth[index - stride], depth[index - stride + 1]),
            here >= max(depth[index + stride - 1], depth[index + stride], depth[index + stride + 1])
          {
            depths.append(here)
          }
        }
      }
    }
    guard !depths.isEmpty else { return nil }
    depths.sort()
    let (low, high) = (depths[(depths.count - 1) / 2], depths[depths.count / 2])
    return Double(2 * ((low + high) / 2) - 1)
  }

  /// The shortest way over a neighbour that was measured before. before: -1 above and left, 1 below.
  @inline(__always)
  private static func nearer(
    of depth: UnsafeMutableBufferPointer<Float>, at index: Int, _ before: Int, _ stride: Int
  ) -> Float {
    let (near, next) = (index + before * stride, index + before * 2 * stride)
    let knights = min(
      min(depth[next - 1], depth[next + 1]), min(depth[near - 2], depth[near + 2]))
    let corners = min(depth[near - 1], depth[near + 1])
    let sides = min(depth[near], depth[index + before])
    return min(min(knights + knight, corners + corner), sides + side)
  }

  /// Writes what lies beyond the picture: in a frame of one pixel, and around that nothing.
  private static func frame(
    _ depth: UnsafeMutableBufferPointer<Float>, width: Int, height: Int, as border: Border
  ) {
    let stride = width + 2 * margin
    let beyond: Float = border == .outside ? 0 : far
    for y in 0..<(height + 2 * margin) {
      let isOuter = y == 0 || y == height + 2 * margin - 1
      let isFrame = y == 1 || y == height + 2 * margin - 2
      if isOuter || isFrame {
        for x in 0..<stride { depth[y * stride + x] = isOuter ? far : beyond }
      } else {
        depth[y * stride + 1] = beyond
        depth[y * stride + width + margin] = beyond
      }
      depth[y * stride] = far
      depth[y * stride + stride - 1] = far
    }
  }
}
