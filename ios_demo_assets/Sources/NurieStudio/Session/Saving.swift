import Foundation
import NurieKit

/// Saving as one goes.
extension Session {
  // Of `Pace.save`: whoever draws without a pause is saved this often.
  private static let most = 5

  /// Saves what has changed, at once.
  public func saveNow() {
    waiting?.cancel()
    waiting = nil
    unsavedSince = nil
    // One after the other: an older state never replaces a newer one.
    saving = Task { [saving] in
      await saving?.value
      await save()
    }
  }

  /// Saves when nothing more has changed for a while, and after a longer while at the latest.
  func saveLater() {
    guard keep != nil else { return }
    // Nobody draws on: there is no pause to wait for, and the system soon lets nothing run.
    guard isActive else { return saveNow() }
    let since = unsavedSince ?? .now
    unsavedSince = since
    let left = max(.zero, pace.save * Self.most - since.duration(to: .now))
    waiting?.cancel()
    waiting = Task {
      try? await pace.sleep(min(pace.save, left))
      // Cancelled: another change came, or a save, which saves this one too.
      if !Task.isCancelled { saveNow() }
    }
  }

  /// Takes note of a task that ends by calling `draw`: what it reads is waited for before the
  /// drawing is settled, or closed.
  public func follow(_ reading: Task<Void, Never>) { self.reading = reading }

  /// Ends: reads what is still on the canvas, and saves what has changed. No model is waited for.
  ///
  /// Throws with a sentence where the drawing cannot be saved; the session then goes on as before.
  public func close() async throws(NurieError) {
    let wasActive = isActive
    await read()
    setActive(false)
    if hasChanged, !wasActive { saveNow() }
    var known: Task<Void, Never>?
    repeat {
      // Another stroke may end while the last one is saved.
      known = reading
      await saved()
      await read()
    } while reading != known
    guard let saveFailure else { return }
    setActive(wasActive)
    throw .picture(saveFailure)
  }

  /// Waits for lines that are read.
  func read() async {
    while let reading {
      await reading.value
      if reading == self.reading { break }
    }
  }

  /// Waits until everything is saved, or cannot be.
  func saved() async {
    while let task = waiting ?? saving {
      await task.value
      if waiting == nil, task == saving { break }
    }
  }

  private func save() async {
    guard let keep else { return }
    let artwork = artwork
    let isPaper = artwork.isBlank && artwork.locks.isEmpty
    let shown = isPaper ? nil : shown?.colors
    // A preview is smaller.
    let colors = shown.flatMap {
      ($0.width, $0.height) == (artwork.width, artwork.height) ? $0 : nil
    }
    do {
      let lineart = try await engine.lineart(of: artwork)
      try await keep(
        Saved(
          artwork: artwork, lineart: lineart, colors: colors,
          areColorsKnown: shown == nil || colors != nil))
      saveFailure = nil
    } catch {
      saveFailure = Self.sentence(of: error)
    }
  }

  /// What an error says, for the screen.
  static func sentence(of error: any Error) -> String {
    (error as? NurieError)?.sentence ?? error.localizedDescription
  }
}
