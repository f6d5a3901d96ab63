import NurieStudio
import UIKit

/// What the system's gestures, menus and keys undo: the session's history, which holds ink and
/// colours. What PencilKit would register is not kept: it knows of ink alone.
final class HistoryUndoManager: UndoManager {
  /// Whose history it is.
  weak var session: Session? { didSet { disableUndoRegistration() } }

  override var canUndo: Bool { session?.canUndo ?? false }
  override var canRedo: Bool { session?.canRedo ?? false }
  override func undo() { session?.undo() }
  override func redo() { session?.redo() }
}
