import Foundation

/// A drawing that one window has: while this lives and is not released, no other window opens it,
/// nobody deletes it, and nobody else saves it.
///
/// A window that is swiped away calls nothing: what it held is free when its last save is done.
public final class Hold: Sendable {
  /// Of the drawing.
  public let id: UUID

  private let holds: Holds
  private let number: Int

  fileprivate init(_ id: UUID, number: Int, of holds: Holds) {
    (self.id, self.number, self.holds) = (id, number, holds)
  }

  deinit { release() }

  /// Gives the drawing back at once: it is not saved by this hold any more.
  public func release() { holds.release(id, number) }

  func isHeld(in gallery: Holds) -> Bool { holds === gallery && holds.has(id, number) }
}

/// Which drawings of a gallery are held. Unchecked: the lock guards what changes.
final class Holds: @unchecked Sendable {
  private let lock = NSLock()
  // Numbers tell a hold from one that was released before.
  private var numbers: [UUID: Int] = [:]
  private var last = 0

  /// Takes a drawing; nil where it is held already.
  func take(_ id: UUID) -> Hold? {
    let number: Int? = lock.withLock {
      guard numbers[id] == nil else { return nil }
      last += 1
      numbers[id] = last
      return last
    }
    return number.map { Hold(id, number: $0, of: self) }
  }

  func isTaken(_ id: UUID) -> Bool { lock.withLock { numbers[id] != nil } }

  fileprivate func has(_ id: UUID, _ number: Int) -> Bool {
    lock.withLock { numbers[id] == number }
  }

  fileprivate func release(_ id: UUID, _ number: Int) {
    lock.withLock { if numbers[id] == number { numbers[id] = nil } }
  }
}
