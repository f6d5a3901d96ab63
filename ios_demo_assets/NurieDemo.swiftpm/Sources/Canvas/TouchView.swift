import CoreGraphics
import UIKit

/// Takes a finger's or a Pencil's way over the page, for the tools that are no pens.
///
/// A second finger zooms: then the system takes the first one's touch away, and it counts for nothing.
final class TouchView: UIView {
  // Points that a finger moves before another point is noted.
  private static let step: CGFloat = 2

  /// The way so far, in points of the page.
  var onMove: (([CGPoint]) -> Void)?
  /// The whole way, or nothing where the touch was taken away.
  var onEnd: (([CGPoint]) -> Void)?
  /// Points of a point of the page.
  var zoom: CGFloat = 1

  private var points: [CGPoint] = []

  override func touchesBegan(_ touches: Set<UITouch>, with event: UIEvent?) {
    guard points.isEmpty, let touch = touches.first else { return }
    points = [place(of: touch)]
    onMove?(points)
  }

  override func touchesMoved(_ touches: Set<UITouch>, with event: UIEvent?) {
    guard let touch = touches.first, let last = points.last else { return }
    let next = place(of: touch)
    let (across, down) = (next.x - last.x, next.y - last.y)
    guard (across * across + down * down).squareRoot() >= Self.step else { return }
    points.append(next)
    onMove?(points)
  }

  override func touchesEnded(_ touches: Set<UITouch>, with event: UIEvent?) {
    let whole = points
    points = []
    onEnd?(whole)
  }

  override func touchesCancelled(_ touches: Set<UITouch>, with event: UIEvent?) {
    points = []
    onEnd?([])
  }

  private func place(of touch: UITouch) -> CGPoint {
    let place = touch.location(in: self)
    return CGPoint(x: place.x / zoom, y: place.y / zoom)
  }
}
