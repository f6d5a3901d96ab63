import Foundation

/// What the benchmark screen shows. Exactly one case holds at any time.
enum BenchmarkState {
  /// Nothing measured yet.
  case idle
  /// One line about what is being measured.
  case running(String)
  /// A row for each run, and the report to share.
  case finished([BenchmarkRow], report: URL)
  /// A sentence for the screen.
  case failed(String)
}
