import Foundation
import NurieKit

/// Saving as one goes.
extension Session {
  /// Saves what has changed, at once.
  public func saveNow() {
    saving?.cancel()
    saving = Task { await save() }
  }

  /// Saves when nothing more has changed for a while.
  func saveLater() {
    guard keep != nil else { return }
    saving?.cancel()
    saving = Task {
      // Cancelled: another change came, which saves this one too.
      guard (try? await pace.sleep(pace.save)) != nil else { return }
      await save()
    }
  }

  private func save() async {
    guard let keep, !Task.isCancelled else { return }
    let artwork = artwork
    let colors = shown.flatMap { shown in
      (shown.colors.width, shown.colors.height) == (artwork.width, artwork.height)
        ? shown.colors : nil
    }
    do {
      let lineart = try await engine.lineart(of: artwork)
      try await keep(Saved(artwork: artwork, lineart: lineart, colors: colors))
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
