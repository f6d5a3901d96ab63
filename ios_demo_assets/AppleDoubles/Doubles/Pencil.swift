import Foundation

/// Of PencilKit what is read of a stroke: curves are the straight lines between their points.
public struct PKStrokePoint: Sendable {
  public let location: CGPoint, size: CGSize

  public init(
    location: CGPoint, timeOffset: TimeInterval, size: CGSize, opacity: CGFloat, force: CGFloat,
    azimuth: CGFloat, altitude: CGFloat
  ) {
    (self.location, self.size) = (location, size)
  }
}

public struct PKStrokePath: Sendable {
  public enum Stride { case distance(CGFloat) }

  public let creationDate: Date
  let points: [PKStrokePoint]

  public init(controlPoints: [PKStrokePoint], creationDate: Date) {
    (points, self.creationDate) = (controlPoints, creationDate)
  }

  public var count: Int { points.count }

  /// The points themselves: they stand close enough in a check. Counted, since it is the costly call.
  public func interpolatedPoints(
    in range: ClosedRange<CGFloat>? = nil, by stride: Stride
  ) -> [PKStrokePoint] {
    Interpolations.count += 1
    guard let range else { return points }
    return Array(points[Int(range.lowerBound)...Int(range.upperBound)])
  }
}

/// How often points were asked for.
public enum Interpolations {
  nonisolated(unsafe) public static var count = 0
}

public struct PKInk: Sendable {
  public enum InkType: Sendable { case pen }
  public init(_ type: InkType, color: UIColor) {}
}

public final class UIColor: Sendable {
  public static let black = UIColor()
}

public final class UIBezierPath: Sendable {
  public init() {}
}

public struct CGAffineTransform: Equatable, Sendable {
  public var a: CGFloat, b: CGFloat, c: CGFloat, d: CGFloat, tx: CGFloat, ty: CGFloat
  public static let identity = CGAffineTransform(a: 1, b: 0, c: 0, d: 1, tx: 0, ty: 0)

  public init(a: CGFloat, b: CGFloat, c: CGFloat, d: CGFloat, tx: CGFloat, ty: CGFloat) {
    (self.a, self.b, self.c, self.d, self.tx, self.ty) = (a, b, c, d, tx, ty)
  }
}

extension CGPoint {
  public func applying(_ t: CGAffineTransform) -> CGPoint {
    CGPoint(x: t.a * x + t.c * y + t.tx, y: t.b * x + t.d * y + t.ty)
  }
}

public struct PKStroke: Sendable {
  public var path: PKStrokePath
  public var transform: CGAffineTransform
  public var mask: UIBezierPath?
  public var maskedPathRanges: [ClosedRange<CGFloat>]
  public var randomSeed: UInt32

  public init(
    ink: PKInk, path: PKStrokePath, transform: CGAffineTransform = .identity,
    mask: UIBezierPath? = nil
  ) {
    (self.path, self.transform, self.mask) = (path, transform, mask)
    maskedPathRanges = [0...CGFloat(path.count - 1)]
    randomSeed = .random(in: 0...UInt32.max)
  }
}

public struct PKDrawing: Sendable {
  public var strokes: [PKStroke]
  public init(strokes: [PKStroke]) { self.strokes = strokes }
}
