import NurieStudio
import SwiftUI

/// One line for whoever draws: what goes on, what went wrong.
struct StatusLine: View {
  // As high with words as without: the page would move each time that work begins.
  @ScaledMetric private var height = 24.0

  let session: Session

  var body: some View {
    HStack(spacing: 8) {
      switch session.activity {
      case .idle:
        if session.artwork.isEmpty { Text("Draw something.") }
      case .working:
        ProgressView().controlSize(.small)
        Text("Colouring")
      case .failed(let sentence):
        Text("The colours are those of before. \(sentence)")
        Button("Try again") { session.retry() }
      case .paused:
        Text("Paused")
      }
      if let sentence = session.saveFailure {
        Text("The drawing could not be saved. \(sentence)")
        Button("Try again") { session.saveNow() }
      }
    }
    .font(.footnote)
    .foregroundStyle(.secondary)
    .frame(minHeight: height)
    .accessibilityElement(children: .combine)
  }
}
