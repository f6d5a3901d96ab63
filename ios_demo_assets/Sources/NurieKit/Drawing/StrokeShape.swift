/// The outline of a stroke, and how much of each pixel lies within it.
struct StrokeShape {
  /// How a pixel lies to the piece of a stroke that is nearest to it.
  struct Place {
    /// From the pixel's middle to the middle of the line.
    let distance: Double
    /// Of the line there.
    let width: Double
    /// The share of the pixel that lies on the line.
    let coverage: Double
  }

  private let points: [StrokePoint]

  init(_ stroke: Stroke) {
    // A place where the pen rested is one point, as wide as it was there.
    var points: [StrokePoint] = []
    for point in stroke.points {
      if let last = points.last, last.x == point.x, last.y == point.y {
        points[points.count - 1] = StrokePoint(
          x: last.x, y: last.y, width: max(last.width, point.width))
      } else {
        points.append(point)
      }
    }
    self.points = points
  }

  /// Calls `body` with the index of each pixel that the stroke may touch, several times where
  /// several pieces of it do.
  ///
  /// Pieces count between their ends; what lies beyond the ends of two pieces is of the corner
  /// between them, so that a curve of many short pieces is as wide as one of few.
  func forEachPixel(width: Int, height: Int, body: (_ pixel: Int, _ place: Place) -> Void) {
    for index in points.indices {
      let point = points[index]
      let before = index > 0 ? Piece(points[index - 1], point) : nil
      let after = index + 1 < points.count ? Piece(point, points[index + 1]) : nil
      if let after {
        let reach = max(after.from.width, after.to.width) / 2 + 1
        let columns = Self.pixels(
          min(after.from.x, after.to.x) - reach, max(after.from.x, after.to.x) + reach,
          below: width)
        for y in Self.pixels(
          min(after.from.y, after.to.y) - reach, max(after.from.y, after.to.y) + reach,
          below: height)
        {
          for x in columns {
            if let place = after.place(
              x: Double(x) + 0.5, y: Double(y) + 0.5, endsBefore: before == nil,
              endsAfter: index + 2 == points.count)
            {
              body(y * width + x, place)
            }
          }
        }
      }
      let reach = point.width / 2 + 1
      let columns = Self.pixels(point.x - reach, point.x + reach, below: width)
      for y in Self.pixels(point.y - reach, point.y + reach, below: height) {
        for x in columns {
          let (middleX, middleY) = (Double(x) + 0.5, Double(y) + 0.5)
          guard before.map({ $0.isBeyondEnd(middleX, middleY) }) ?? true,
            after.map({ $0.isBeforeStart(middleX, middleY) }) ?? true,
            let place =
              before == nil && after == nil && point.width < 1
              ? Self.speck(at: point, x: middleX, y: middleY)
              : Self.cap(
                at: point, x: middleX, y: middleY, isEnd: before == nil || after == nil)
          else { continue }
          body(y * width + x, place)
        }
      }
    }
  }

  /// A stroke between two points of it.
  private struct Piece {
    let from: StrokePoint, to: StrokePoint
    let length: Double
    /// The direction.
    let dx: Double, dy: Double

    init(_ from: StrokePoint, _ to: StrokePoint) {
      (self.from, self.to) = (from, to)
      length = ((to.x - from.x) * (to.x - from.x) + (to.y - from.y) * (to.y - from.y)).squareRoot()
      (dx, dy) = ((to.x - from.x) / length, (to.y - from.y) / length)
    }

    func along(_ x: Double, _ y: Double) -> Double { (x - from.x) * dx + (y - from.y) * dy }
    func isBeyondEnd(_ x: Double, _ y: Double) -> Bool { along(x, y) > length }
    func isBeforeStart(_ x: Double, _ y: Double) -> Bool { along(x, y) < 0 }

    /// How a pixel beside the piece lies to it; nil beyond its ends.
    ///
    /// endsBefore, endsAfter: whether the stroke ends there. A thin line ends within a pixel, and
    /// covers as much of it as it is long there: its round ends are as long as they are large.
    func place(x: Double, y: Double, endsBefore: Bool, endsAfter: Bool) -> Place? {
      let along = along(x, y)
      let share = min(max(along / length, 0), 1)
      let width = from.width + share * (to.width - from.width)
      let isThin = width < 1
      guard (0...length).contains(along) || (isThin && (endsBefore || endsAfter)) else {
        return nil
      }
      let aside = abs((x - from.x) * dy - (y - from.y) * dx)
      var coverage = StrokeShape.band(aside, width: width, dx, dy)
      if isThin {
        let longer = width * Double.pi / 8
        let start = endsBefore ? -longer : -Double.infinity
        let end = endsAfter ? length + longer : Double.infinity
        guard endsBefore || along >= 0, endsAfter || along <= length else { return nil }
        let extent = abs(dx) + abs(dy)  // of the pixel, along the line
        coverage *=
          max(
            0, min(end, along + extent / 2) - max(start, along - extent / 2)) / extent
      }
      guard coverage > 0 else { return nil }
      return Place(distance: aside, width: width, coverage: coverage)
    }
  }

  /// How a pixel lies to the round end of a stroke, or to the round corner of two pieces.
  private static func cap(at point: StrokePoint, x: Double, y: Double, isEnd: Bool) -> Place? {
    let (dx, dy) = (x - point.x, y - point.y)
    let distance = (dx * dx + dy * dy).squareRoot()
    let radius = point.width / 2
    if point.width < 1, isEnd { return nil }  // of a thin line, the pieces have drawn the ends
    // Averaged over all phases, an edge that is antialiased straight makes a disc larger by
    // pi / 12, the variance of a pixel: the radius makes up for it.
    let edge = isEnd ? (radius * radius - 1.0 / 12).squareRoot() : radius
    let (nx, ny) = distance > 0 ? (dx / distance, dy / distance) : (1, 0)
    let coverage = band(distance, width: 2 * edge, nx, ny)
    guard coverage > 0 else { return nil }
    return Place(distance: distance, width: point.width, coverage: coverage)
  }

  /// How a pixel lies to a dot that is smaller than it: a square of the dot's area.
  private static func speck(at point: StrokePoint, x: Double, y: Double) -> Place? {
    let side = point.width * Double.pi.squareRoot() / 2
    let (dx, dy) = (abs(x - point.x), abs(y - point.y))
    let across = min(max((1 + side) / 2 - dx, 0), side)
    let down = min(max((1 + side) / 2 - dy, 0), side)
    guard across * down > 0 else { return nil }
    return Place(
      distance: (dx * dx + dy * dy).squareRoot(), width: point.width, coverage: across * down)
  }

  /// The share of a pixel that a straight line covers whose middle passes it at a distance.
  ///
  /// dx, dy: the line's direction, of length 1; only how steep it is counts.
  static func band(_ distance: Double, width: Double, _ dx: Double, _ dy: Double) -> Double {
    below(width / 2 - distance, dx, dy) - below(-width / 2 - distance, dx, dy)
  }

  /// The share of a pixel on one side of a line that passes its middle at that distance.
  private static func below(_ distance: Double, _ dx: Double, _ dy: Double) -> Double {
    let (long, short) = (max(abs(dx), abs(dy)), min(abs(dx), abs(dy)))
    let far = abs(distance)
    // Corners of the pixel lie at (long + short) / 2 and at (long - short) / 2 from its middle.
    let outer = (long + short) / 2 - far
    let covered: Double
    if outer <= 0 {
      covered = 1
    } else if far >= (long - short) / 2, long * short > 0 {
      covered = 1 - outer * outer / (2 * long * short)
    } else {
      covered = 0.5 + far / long
    }
    return distance >= 0 ? covered : 1 - covered
  }

  private static func pixels(_ low: Double, _ high: Double, below end: Int) -> Range<Int> {
    let first = Int(min(max(low.rounded(.down), 0), Double(end)))
    let last = Int(min(max(high.rounded(.up), 0), Double(end)))
    return first..<max(first, last)
  }
}
