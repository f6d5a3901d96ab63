/// One line of a pen: round at both ends and at every corner. A single point is a dot.
public struct Stroke: Equatable, Sendable {
  /// Where the pen passed, in order.
  public let points: [StrokePoint]

  /// Throws for a stroke without points, or with a place or width that is no number.
  public init(points: [StrokePoint]) throws(NurieError) {
    guard !points.isEmpty,
      points.allSatisfy({ $0.x.isFinite && $0.y.isFinite && $0.width.isFinite && $0.width >= 0 })
    else {
      throw .picture(
        "Expected a stroke of 1 point or more, each with a place and a width of 0 or more.")
    }
    self.points = points
  }

  /// The same stroke on another canvas: moved, then enlarged.
  public func placed(scale: Double, left: Double = 0, top: Double = 0) throws(NurieError) -> Stroke
  {
    try Stroke(
      points: points.map {
        StrokePoint(x: $0.x * scale + left, y: $0.y * scale + top, width: $0.width * scale)
      })
  }

  /// The same stroke, nowhere thinner than that.
  public func widened(to least: Double) throws(NurieError) -> Stroke {
    try Stroke(
      points: points.map { StrokePoint(x: $0.x, y: $0.y, width: max($0.width, least)) })
  }
}
