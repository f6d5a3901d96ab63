/// A value and the way back and forth between what it was.
///
/// Whole values are kept: their lists share memory with one another until one of them changes.
struct History<Value: Equatable & Sendable>: Sendable {
  // Steps that can be taken back: more than anybody counts.
  private let most: Int
  private var past: [Value] = []
  private var future: [Value] = []

  /// The value now.
  private(set) var present: Value

  /// Begins with a value, and nothing to take back. most: steps that are kept.
  init(_ present: Value, most: Int = 500) {
    self.present = present
    self.most = most
  }

  /// Whether there is something to take back.
  var canUndo: Bool { !past.isEmpty }
  /// Whether something was taken back.
  var canRedo: Bool { !future.isEmpty }

  /// Changes the value, as one step. Returns false for a change that changes nothing: that is none.
  @discardableResult
  mutating func change(_ body: (inout Value) -> Void) -> Bool {
    var value = present
    body(&value)
    guard value != present else { return false }
    past.append(present)
    if past.count > most { past.removeFirst(past.count - most) }
    future = []
    present = value
    return true
  }

  /// Changes how the value says what it says, which is no step.
  mutating func amend(_ body: (inout Value) -> Void) { body(&present) }

  /// Takes back the last step. Returns false where there is none.
  @discardableResult
  mutating func undo() -> Bool {
    guard let value = past.popLast() else { return false }
    future.append(present)
    present = value
    return true
  }

  /// Takes again the step that was taken back. Returns false where there is none.
  @discardableResult
  mutating func redo() -> Bool {
    guard let value = future.popLast() else { return false }
    past.append(present)
    present = value
    return true
  }
}
