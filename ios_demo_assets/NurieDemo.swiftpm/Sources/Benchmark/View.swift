import SwiftUI

/// Measures the chosen model and shares the report.
struct BenchmarkView: View {
  let choice: Choice

  @State private var session = BenchmarkSession()
  @State private var sustained = true
  @Environment(\.dismiss) private var dismiss

  var body: some View {
    NavigationStack {
      Form {
        Section {
          Text("Each compute unit draws for a minute. Unplug the device, and let it cool before.")
          Toggle("One minute each, warm", isOn: $sustained)
        }
        content
      }
      .navigationTitle("Benchmark")
      .toolbar {
        ToolbarItem(placement: .confirmationAction) {
          Button("Done") { dismiss() }
        }
      }
    }
    .onDisappear { session.stop() }
  }

  @ViewBuilder private var content: some View {
    switch session.state {
    case .idle:
      startButton("Start")
    case .running(let sentence):
      Section {
        ProgressView(sentence)
        Button("Stop", role: .cancel) { session.stop() }
      }
    case .finished(let rows, let report):
      Section("This device") {
        ForEach(rows) { row in
          VStack(alignment: .leading) {
            Text(row.id).font(.headline)
            Text(row.latency)
            Text(row.parity.sentence)
              .foregroundStyle(row.parity.passed ? Color.secondary : Color.red)
          }
        }
        ShareLink("Share the report", item: report)
      }
      startButton("Measure again")
    case .failed(let sentence):
      Section {
        Text(sentence)
      }
      startButton("Start again")
    }
  }

  private func startButton(_ title: LocalizedStringKey) -> some View {
    Button(title) { session.start(choice, sustained: sustained) }
  }
}
