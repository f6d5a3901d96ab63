import NurieCoreML
import NurieKit
import SwiftUI

/// Which model colours, on which engines, and whom to credit for it.
struct SettingsView: View {
  let studio: Studio

  @Environment(\.dismiss) private var dismiss

  var body: some View {
    NavigationStack {
      Form {
        if let choice = studio.choice {
          Picker("Model", selection: model(choice)) {
            ForEach(choices(choice), id: \.model.id) { other in
              Text(other.model.artifact).tag(other.model.id)
            }
          }
          Picker("Compute units", selection: computeUnits(choice)) {
            ForEach(ComputeUnits.allCases) { units in
              Text(units.rawValue).tag(units)
            }
          }
          Picker("Canvas", selection: detail(choice)) {
            Text("Fitted into the model").tag(Choice.Detail.whole)
            Text("Cut into tiles").tag(Choice.Detail.tiles)
          }
          Section("Credit") {
            Text(credit(choice))
          }
        } else {
          Text(studio.coloring.sentence)
        }
      }
      .navigationTitle("Model")
      .toolbar {
        ToolbarItem(placement: .confirmationAction) {
          Button("Done") { dismiss() }
        }
      }
    }
  }

  private func choices(_ current: Choice) -> [Choice] {
    studio.bundles.flatMap { bundle in
      bundle.models.map { model in
        var other = current
        other.bundle = bundle
        other.model = model
        return other
      }
    }
  }

  private func model(_ choice: Choice) -> Binding<String> {
    Binding(
      get: { choice.model.id },
      set: { id in
        if let other = choices(choice).first(where: { $0.model.id == id }) { studio.choose(other) }
      })
  }

  private func computeUnits(_ choice: Choice) -> Binding<ComputeUnits> {
    Binding(
      get: { choice.computeUnits },
      set: { units in
        var other = choice
        other.computeUnits = units
        studio.choose(other)
      })
  }

  private func detail(_ choice: Choice) -> Binding<Choice.Detail> {
    Binding(
      get: { choice.detail },
      set: { detail in
        var other = choice
        other.detail = detail
        studio.choose(other)
      })
  }

  private func credit(_ choice: Choice) -> String {
    do {
      let manifest = try choice.bundle.manifest(of: choice.model)
      return "\(manifest.credit). \(manifest.source), \(manifest.licence)."
    } catch {
      return error.sentence
    }
  }
}
