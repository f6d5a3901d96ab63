import CoreGraphics
import UIKit

/// From below: white, the colours, an imported drawing's lines, and what was touched in.
final class PaperView: UIView {
  /// The colours of the regions, of any size: they fill the page.
  var colors: CGImage? { didSet { if colors !== oldValue { show(colors, in: colorView) } } }
  /// Black, as opaque as it is dark.
  var sheet: CGImage? { didSet { if sheet !== oldValue { show(sheet, in: sheetView) } } }
  /// The dots and strokes of colour.
  let marks = MarkView()

  private let colorView = UIImageView()
  private let sheetView = UIImageView()

  /// Fills a rectangle. zoom: points there of a point of the page.
  func show(at place: CGRect, zoom: CGFloat) {
    if subviews.isEmpty {
      backgroundColor = .white
      isUserInteractionEnabled = false
      marks.backgroundColor = .clear
      marks.isOpaque = false
      for view in [colorView, sheetView, marks] { addSubview(view) }
    }
    frame = place
    for view in subviews { view.frame = CGRect(origin: .zero, size: place.size) }
    marks.zoom = zoom
  }

  private func show(_ picture: CGImage?, in view: UIImageView) {
    view.image = picture.map { UIImage(cgImage: $0) }
  }
}
