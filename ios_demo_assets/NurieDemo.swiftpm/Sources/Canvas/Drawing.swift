import CoreGraphics
import NurieKit

/// What stands on a canvas: strokes in points, over a sheet that fills it, if there is one, and
/// hints of colour.
struct CanvasDrawing: Sendable {
  let strokes: [Stroke]
  let sheet: Picture?
  let hints: [HintStroke]
  let size: CGSize

  /// The place of the canvas in the middle of `width` x `height` pixels, its shape kept.
  func padding(fitting width: Int, _ height: Int) throws(NurieError) -> PaperPadding {
    let scale = min(Double(width) / size.width, Double(height) / size.height)
    let (across, down) = (
      min(max(Int((size.width * scale).rounded()), 1), width),
      min(max(Int((size.height * scale).rounded()), 1), height)
    )
    return try PaperPadding(width: across, height: down, to: width, by: height)
  }

  /// The drawing as line art on a sheet; around the canvas is paper.
  ///
  /// thinnest: least width of a stroke in pixels of the sheet. Nets know no thinner lines.
  func lineart(on sheet: PaperPadding, thinnest: Double) throws(NurieError) -> Picture {
    var placed: [Stroke] = []
    for stroke in strokes {
      placed.append(try stroke.placed(scale: scale(on: sheet)).widened(to: thinnest))
    }
    let paper = try Picture.paper(width: sheet.width, height: sheet.height)
    return try sheet.pad(try StrokeRasteriser.lineart(placed, over: try laid(on: paper)))
  }

  /// The hints on the same sheet.
  func hints(on sheet: PaperPadding) throws(NurieError) -> Hints {
    var placed: [HintStroke] = []
    for hint in hints {
      placed.append(
        HintStroke(
          stroke: try hint.stroke.placed(scale: scale(on: sheet)), red: hint.red,
          green: hint.green, blue: hint.blue))
    }
    return try sheet.pad(try Hints(placed, width: sheet.width, height: sheet.height))
  }

  /// Pixels of the sheet a point.
  private func scale(on sheet: PaperPadding) -> Double {
    min(Double(sheet.paddedWidth) / size.width, Double(sheet.paddedHeight) / size.height)
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
