import NurieKit

/// The colours that somebody touched in, in points of the canvas, with the way back and forth.
struct HintMarks: Equatable, Sendable {
  /// In the order in which they were made: the later one lies on top.
  private(set) var strokes: [HintStroke] = []

  private var past: [[HintStroke]] = []
  private var future: [[HintStroke]] = []

  /// Whether there is something to take back.
  var canUndo: Bool { !past.isEmpty }
  /// Whether something was taken back.
  var canRedo: Bool { !future.isEmpty }

  /// Puts a stroke on top.
  mutating func add(_ stroke: HintStroke) {
    change(to: strokes + [stroke])
  }

  /// Takes all of them away; this too can be undone.
  mutating func clear() {
    if !strokes.isEmpty { change(to: []) }
  }

  /// Takes back the last change.
  mutating func undo() {
    guard let before = past.popLast() else { return }
    future.append(strokes)
    strokes = before
  }

  /// Makes again the change that was taken back.
  mutating func redo() {
    guard let after = future.popLast() else { return }
    past.append(strokes)
    strokes = after
  }

  private mutating func change(to strokes: [HintStroke]) {
    past.append(self.strokes)
    future = []
    self.strokes = strokes
  }
}
