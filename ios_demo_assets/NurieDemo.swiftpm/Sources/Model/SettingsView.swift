import NurieCoreML
import NurieKit
import SwiftUI

/// Which model colours, on which engines, and whom to credit for it.
struct SettingsView: View {
  let library: Library
  /// What is chosen here; the library takes it at once.
  @State var draft: Choice

  @State private var isMeasuring = false
  @Environment(\.dismiss) private var dismiss

  var body: some View {
    NavigationStack {
      Form {
        Picker("Model", selection: $draft.model) {
          ForEach(library.models) { model in
            Text(verbatim: model.artifact).tag(model)
          }
        }
        Picker("Compute units", selection: $draft.computeUnits) {
          ForEach(library.possibleUnits(of: draft.model)) { units in
            Text(verbatim: units.rawValue).tag(units)
          }
        }
        Button("Measure this device", systemImage: "stopwatch") { isMeasuring = true }
        Section("Credit") {
          Text(verbatim: library.credit)
        }
      }
      .navigationTitle("Model")
      .toolbar {
        ToolbarItem(placement: .confirmationAction) {
          Button("Done") { dismiss() }
        }
      }
      .onChange(of: draft) {
        library.choose(draft)
        draft = library.choice ?? draft
      }
      .sheet(isPresented: $isMeasuring) { BenchmarkView(choice: draft) }
    }
  }
}
