import CoreGraphics
import Foundation
import NurieCoreML
import NurieKit
import NurieStudio
import PencilKit
import UIKit

/// Between the canvas and the session: hears of ink, touches, zooms and the Pencil.
@MainActor
final class PageCoordinator: NSObject, PKCanvasViewDelegate, PKToolPickerObserver,
  UIPencilInteractionDelegate
{
  let canvas = PageCanvas()

  private let studio: Studio
  private let reader = InkReader()
  private let picker = PageCoordinator.inkPicker()
  /// The lines that the canvas shows.
  private var shown: [InkLine] = []
  /// Counts changes of the canvas: what was read of an earlier one is out of date.
  private var changes = 0
  private var tool: Tool?
  /// While the canvas is given strokes, its changes are ours.
  private var isShowing = false

  init(studio: Studio) {
    self.studio = studio
    super.init()
    canvas.pageSize = studio.pageSize
    canvas.assemble()
    canvas.history.session = studio.session
    canvas.delegate = self
    canvas.onWindow = { [weak self] in self?.appear() }
    canvas.touches.onMove = { [weak self] points in self?.follow(points) }
    canvas.touches.onEnd = { [weak self] points in self?.finish(points) }
    let pencil = UIPencilInteraction()
    pencil.delegate = self
    canvas.addInteraction(pencil)
    picker.addObserver(canvas)
    picker.addObserver(self)
    picker.selectedTool = PKInkingTool(.pen, color: .black, width: 4)
  }

  // MARK: Tools

  /// Takes another tool in hand.
  func use(_ tool: Tool) {
    guard tool != self.tool else { return }
    self.tool = tool
    canvas.touches.isUserInteractionEnabled = tool != .pen
    appear()
  }

  /// Shows the pens, or puts them away; the canvas answers keys and gestures.
  private func appear() {
    picker.setVisible(tool == .pen, forFirstResponder: canvas)
    canvas.becomeFirstResponder()
  }

  func toolPickerSelectedToolDidChange(_ toolPicker: PKToolPicker) {
    // Models know black ink; colours are touched in.
    if let ink = toolPicker.selectedTool as? PKInkingTool, ink.color != .black {
      toolPicker.selectedTool = PKInkingTool(ink.inkType, color: .black, width: ink.width)
    }
  }

  func toolPickerFramesObscuredDidChange(_ toolPicker: PKToolPicker) {
    // Nothing where they float; on a telephone, the page can be moved from below them.
    let pens = toolPicker.frameObscured(in: canvas)
    canvas.covered = pens.isEmpty ? 0 : max(0, canvas.bounds.maxY - pens.minY)
  }

  func pencilInteractionDidTap(_ interaction: UIPencilInteraction) {
    // With a pen in hand PencilKit answers, as it does in every app.
    guard studio.tool != .pen, UIPencilInteraction.preferredTapAction != .ignore else { return }
    studio.switchTool()
  }

  private static func inkPicker() -> PKToolPicker {
    guard #available(iOS 18.0, *) else { return PKToolPicker() }
    let pens: [PKToolPickerInkingItem] = [
      PKToolPickerInkingItem(type: .pen, color: .black, width: 4),
      PKToolPickerInkingItem(type: .pencil, color: .black, width: 3),
    ]
    for pen in pens { pen.allowsColorSelection = false }
    return PKToolPicker(
      toolItems: pens + [
        PKToolPickerEraserItem(type: .vector), PKToolPickerLassoItem(), PKToolPickerRulerItem(),
      ])
  }

  // MARK: Ink

  func canvasViewDrawingDidChange(_ canvasView: PKCanvasView) {
    if !isShowing { read() }
  }

  /// Reads the strokes of the canvas; those that were read before cost nothing.
  private func read() {
    changes += 1
    let (drawing, change) = (canvas.drawing, changes)
    studio.session.follow(
      Task {
        do {
          let ink = try await reader.lines(of: drawing)
          // A later change has these lines as well.
          guard change == changes else { return }
          shown = ink
          studio.session.draw(ink)
        } catch {
          studio.notice = ColoringError(error).sentence
        }
      })
  }

  /// Shows lines that the canvas does not show: from a file, or after an undo.
  func show(_ ink: [InkLine]) {
    guard ink != shown else { return }
    shown = ink
    changes += 1
    let change = changes
    studio.session.follow(
      Task {
        let strokes = await reader.strokes(of: ink)
        guard change == changes else { return }
        isShowing = true
        canvas.drawing = PKDrawing(strokes: strokes)
        await reader.note(canvas.drawing.strokes, as: ink)
        isShowing = false
        // Somebody may have drawn meanwhile.
        read()
      })
  }

  // MARK: Touches and zoom

  func scrollViewDidZoom(_ scrollView: UIScrollView) { canvas.arrange() }

  private func follow(_ points: [CGPoint]) {
    guard tool == .brush else { return }
    canvas.paper.marks.live = (points, CGFloat(studio.brushWidth), studio.paint)
  }

  private func finish(_ points: [CGPoint]) {
    canvas.paper.marks.live = nil
    studio.touch(points)
  }
}
