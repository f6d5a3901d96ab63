import NurieKit
import PencilKit
import SwiftUI

/// The canvas that one draws on: ink alone, transparent where nobody drew.
struct InkCanvas: UIViewRepresentable {
  /// Strokes in points, whenever they change, and the size of the canvas.
  let onChange: ([Stroke], CGSize) -> Void
  /// Why strokes could not be read.
  let onFailure: (String) -> Void
  let page: CanvasPage

  func makeUIView(context: Context) -> PKCanvasView {
    let view = page.view
    view.drawingPolicy = .anyInput
    view.backgroundColor = .clear
    view.isOpaque = false
    // Models know black lines on white paper, in dark mode too.
    view.overrideUserInterfaceStyle = .light
    view.tool = PKInkingTool(.pen, color: .black, width: 4)
    view.delegate = context.coordinator
    return view
  }

  func updateUIView(_ view: PKCanvasView, context: Context) {
    context.coordinator.canvas = self
  }

  func makeCoordinator() -> Coordinator {
    Coordinator(canvas: self)
  }

  /// Hears of every stroke that is drawn, erased or undone.
  @MainActor
  final class Coordinator: NSObject, PKCanvasViewDelegate {
    var canvas: InkCanvas

    init(canvas: InkCanvas) {
      self.canvas = canvas
    }

    func canvasViewDrawingDidChange(_ canvasView: PKCanvasView) {
      do {
        let strokes = try InkStrokes.strokes(of: canvasView.drawing)
        canvas.onChange(strokes, canvasView.bounds.size)
      } catch {
        canvas.onFailure(error.sentence)
      }
    }
  }
}
