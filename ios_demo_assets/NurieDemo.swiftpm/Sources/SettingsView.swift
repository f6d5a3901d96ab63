import NurieCoreML
import NurieKit
import SwiftUI

/// Which model colours, on which engines, and whom to credit for it.
struct SettingsView: View {
  let studio: Studio
  /// What is chosen here; the studio takes it at once.
  @State var draft: Choice

  @Environment(\.dismiss) private var dismiss

  var body: some View {
    NavigationStack {
      Form {
        Picker("Model", selection: $draft.model) {
          ForEach(studio.models) { model in
            Text(model.artifact).tag(model)
          }
        }
        Picker("Compute units", selection: $draft.computeUnits) {
          ForEach(ComputeUnits.allCases) { units in
            Text(units.rawValue).tag(units)
          }
        }
        Section("Credit") {
          Text(studio.credit)
        }
      }
      .navigationTitle("Model")
      .toolbar {
        ToolbarItem(placement: .confirmationAction) {
          Button("Done") { dismiss() }
        }
      }
      .onChange(of: draft) { studio.choose(draft) }
    }
  }
}
