import CoreGraphics
import Foundation
import NurieCoreML
import NurieKit

/// The way of the demo app from a canvas in points to a picture that fills it.
extension Checks {
  static var canvasClaims: [Claim] {
    [
      (
        "a wide canvas is fitted into a square model, its shape kept and its strokes in place",
        {
          let dot = try Stroke(points: [StrokePoint(x: 50, y: 25, width: 30)])
          let canvas = CanvasDrawing(
            strokes: [dot], sheet: nil, hints: [], size: CGSize(width: 100, height: 50))
          // 100 x 50 points become 10 x 5 pixels, two rows below the top; the dot is at (5, 4.5).
          let padding = try canvas.padding(fitting: 10, 10)
          let lineart = try canvas.lineart(on: padding, thinnest: 0)
          return (padding.width, padding.height, padding.top, padding.left) == (10, 5, 2, 0)
            && lineart[5, 4, 0] == 0 && lineart[4, 4, 0] == 0
            && lineart[0, 4, 0] == 255 && lineart[5, 1, 0] == 255 && lineart[5, 8, 0] == 255
        }
      ),
      (
        "an imported sheet lies in the middle of the canvas, scaled as the screen shows it",
        {
          // Twice as high as wide, on a canvas as wide as high: 5 of 10 columns.
          let sheet = try Picture(
            width: 20, height: 40, channels: .grey, bytes: [UInt8](repeating: 0, count: 800))
          let canvas = CanvasDrawing(
            strokes: [], sheet: sheet, hints: [], size: CGSize(width: 300, height: 300))
          let lineart = try canvas.lineart(on: try canvas.padding(fitting: 10, 10), thinnest: 0)
          let row = (0..<10).map { lineart[$0, 9, 0] }
          return row == [255, 255, 0, 0, 0, 0, 0, 255, 255, 255]
        }
      ),
      (
        "colours have the shape of the canvas",
        {
          let painter = Painter(model: try await DoublePackage(16, 16).load())
          let dot = try Stroke(points: [StrokePoint(x: 9, y: 9, width: 4)])
          let canvas = CanvasDrawing(
            strokes: [dot], sheet: nil, hints: [], size: CGSize(width: 64, height: 40))
          let color = try await painter.paint(canvas)
          return (color.width, color.height) == (16, 10)
        }
      ),
      (
        "ink is drawn no thinner than the lines that the model learned",
        {
          let line = try Stroke(
            points: [-9.0, 99].map { StrokePoint(x: $0, y: 25, width: 1) })
          let canvas = CanvasDrawing(
            strokes: [line], sheet: nil, hints: [], size: CGSize(width: 50, height: 50))
          let sheet = try canvas.padding(fitting: 10, 10)
          let (thin, wide) = (
            try canvas.lineart(on: sheet, thinnest: 0), try canvas.lineart(on: sheet, thinnest: 2)
          )
          return (3..<7).map { thin[5, $0, 0] } == [255, 230, 230, 255]
            && (3..<7).map { wide[5, $0, 0] } == [255, 0, 0, 255]
        }
      ),
    ]
  }
}
