import PencilKit

/// The one canvas of a window, so that buttons reach its undo stack.
@MainActor
final class CanvasPage {
  let view = PKCanvasView()

  /// In points.
  var size: CGSize { view.bounds.size }

  /// Takes back the last stroke, or the last thing erased.
  func undo() {
    view.undoManager?.undo()
  }

  /// Draws again what was taken back.
  func redo() {
    view.undoManager?.redo()
  }

  /// Takes a pen, or the eraser, which removes whole strokes: those are what models are given.
  func choose(eraser: Bool) {
    view.tool = eraser ? PKEraserTool(.vector) : PKInkingTool(.pen, color: .black, width: 4)
  }

  /// Empties the page for good: strokes of the old drawing have no place on the new one.
  func clear() {
    view.drawing = PKDrawing()
    view.undoManager?.removeAllActions()
  }
}
