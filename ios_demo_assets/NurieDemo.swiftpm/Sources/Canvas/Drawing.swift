import CoreGraphics
import NurieKit

/// What stands on a canvas: strokes in points, over a sheet that fills it, if there is one.
struct CanvasDrawing: Sendable {
  let strokes: [Stroke]
  let sheet: Picture?
  let size: CGSize

  /// Line art of exactly `width` x `height` pixels; the canvas is fitted into them, its shape kept.
  ///
  /// The canvas's own share of the pixels stands in the middle, the rest is paper.
  func lineart(fitting width: Int, _ height: Int) throws(NurieError) -> (Picture, PaperPadding) {
    let scale = min(Double(width) / size.width, Double(height) / size.height)
    let (across, down) = (
      min(max(Int((size.width * scale).rounded()), 1), width),
      min(max(Int((size.height * scale).rounded()), 1), height)
    )
    let padding = try PaperPadding(width: across, height: down, to: width, by: height)
    return (try padding.pad(try lineart(width: across, height: down, scale: scale)), padding)
  }

  private func lineart(width: Int, height: Int, scale: Double) throws(NurieError) -> Picture {
    var placed: [Stroke] = []
    for stroke in strokes { placed.append(try stroke.placed(scale: scale)) }
    let paper = try Picture.paper(width: width, height: height)
    return try StrokeRasteriser.lineart(placed, over: try laid(on: paper))
  }

  /// The sheet in the middle of the paper, scaled down to fit, its shape kept.
  private func laid(on paper: Picture) throws(NurieError) -> Picture {
    guard let sheet else { return paper }
    let scale = min(
      Double(paper.width) / Double(sheet.width), Double(paper.height) / Double(sheet.height), 1)
    let fitted = try sheet.averaged(
      width: max(Int(Double(sheet.width) * scale), 1),
      height: max(Int(Double(sheet.height) * scale), 1))
    return try PaperPadding(
      width: fitted.width, height: fitted.height, to: paper.width, by: paper.height
    ).pad(fitted)
  }
}
