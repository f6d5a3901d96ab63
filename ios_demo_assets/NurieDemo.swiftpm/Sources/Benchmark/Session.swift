import Foundation
import NurieBenchmark
import NurieCoreML
import NurieKit
import Observation
import UIKit

/// One benchmark: started, watched, stopped, shared.
@MainActor
@Observable
final class BenchmarkSession {
  /// What the screen shows.
  private(set) var state: BenchmarkState = .idle

  @ObservationIgnored private var task: Task<Void, Never>?

  /// Measures a model in every setting.
  func start(_ choice: Choice, sustained: Bool) {
    task?.cancel()
    state = .running("Starting")
    UIApplication.shared.isIdleTimerDisabled = true
    let device = UIDevice.current
    device.isBatteryMonitoringEnabled = true
    let battery = Self.charge()
    let charging: Bool? =
      switch device.batteryState {
      case .charging, .full: true
      case .unplugged: false
      case .unknown: nil
      @unknown default: nil
      }
    task = Task(priority: .userInitiated) {
      await measure(choice, sustained: sustained, battery: battery, charging: charging)
      UIApplication.shared.isIdleTimerDisabled = false
    }
  }

  /// Stops after the prediction that is under way.
  func stop() {
    task?.cancel()
  }

  private func measure(
    _ choice: Choice, sustained: Bool, battery: Double?, charging: Bool?
  ) async {
    do {
      let runner = BenchmarkRunner(
        choice.model, of: choice.bundle,
        options: BenchmarkOptions(sustainedSeconds: sustained ? 60 : 0),
        cache: try CompiledModelCache())
      let report = try await runner.report(
        battery: battery, charging: charging, batteryAfter: { await Self.charge() },
        progress: { step in Task { @MainActor in self.show(step) } })
      let rows = report.runs.map { BenchmarkRow($0, gatePSNRDB: choice.model.gatePSNRDB) }
      let name = "\(report.device.model)-\(choice.model.artifact).report.json"
      let file = FileManager.default.temporaryDirectory.appendingPathComponent(name)
      try report.json().write(to: file, options: .atomic)
      state = .finished(rows, report: file)
    } catch {
      state = .failed(ColoringError(error).sentence)
    }
  }

  /// The battery's charge now, 0 to 1; nil where the system does not say.
  private static func charge() -> Double? {
    let level = UIDevice.current.batteryLevel
    return level < 0 ? nil : Double(level)
  }

  private func show(_ step: BenchmarkStep) {
    // A step may be told late, when the end is on the screen already.
    if case .running = state { state = .running(step.sentence) }
  }
}
