import CoreGraphics
import PencilKit
import UIKit

/// The page that one draws on: ink over paper, in one scroll view that zooms both.
final class PageCanvas: PKCanvasView {
  /// From the scale at which the page fits its window.
  private static let mostZoom: CGFloat = 6

  /// What lies below the ink.
  let paper = PaperView()
  /// Takes touches for the tools that are no pens.
  let touches = TouchView()
  /// The session's history, for the system's gestures and keys; PencilKit's own is not asked.
  let history = HistoryUndoManager()

  /// Called when it is shown in a window: before, it answers no keys.
  var onWindow: (() -> Void)?
  /// How much of its lower edge the pens cover, in points.
  var covered: CGFloat = 0 { didSet { if covered != oldValue { arrange() } } }
  /// In points, before it is zoomed.
  var pageSize = CGSize.zero
  private var fitted = CGSize.zero

  override var undoManager: UndoManager? { history }

  /// Lays paper below the ink, and the layer for touches above it.
  func assemble() {
    backgroundColor = .clear
    isOpaque = false
    // Models know black lines on white paper, in dark mode too.
    overrideUserInterfaceStyle = .light
    drawingPolicy = .anyInput
    panGestureRecognizer.minimumNumberOfTouches = 2
    delaysContentTouches = false
    insertSubview(paper, at: 0)
    addSubview(touches)
  }

  override func didMoveToWindow() {
    super.didMoveToWindow()
    if window != nil { onWindow?() }
  }

  override func layoutSubviews() {
    super.layoutSubviews()
    guard bounds.size != fitted, min(bounds.width, bounds.height) > 0 else { return }
    // Turned, or in another window: the page is the same, and fits as it did before.
    let didFit = fitted == .zero || zoomScale <= minimumZoomScale * 1.01
    let fit = min(bounds.width / pageSize.width, bounds.height / pageSize.height)
    minimumZoomScale = fit
    maximumZoomScale = fit * Self.mostZoom
    zoomScale = didFit ? fit : min(max(zoomScale, fit), maximumZoomScale)
    fitted = bounds.size
    arrange()
  }

  /// Gives paper and touches the place of the ink, and the page the middle of the window.
  func arrange() {
    let zoomed = CGSize(width: pageSize.width * zoomScale, height: pageSize.height * zoomScale)
    contentSize = zoomed
    let place = CGRect(origin: .zero, size: zoomed)
    paper.show(at: place, zoom: zoomScale)
    touches.frame = place
    touches.zoom = zoomScale
    let (across, down) = (
      max(0, (bounds.width - zoomed.width) / 2), max(0, (bounds.height - zoomed.height) / 2)
    )
    contentInset = UIEdgeInsets(
      top: down, left: across, bottom: max(down, covered), right: across)
  }
}
