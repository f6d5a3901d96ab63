#if canImport(CoreML)
  import Foundation

  /// What this process compiles at the moment: whoever asks for the same waits for it.
  actor Compilations {
    /// Of all caches, since each load may make a cache of its own.
    static let shared = Compilations()

    private struct Running {
      let number: Int
      let task: Task<Double, any Error>
      var waiting = 0
    }

    private var running: [String: Running] = [:]
    private var begun = 0

    /// Returns when a compiled model stands at `place`: at once with nil, or with the milliseconds
    /// that compiling took.
    ///
    /// Compiling ends early when nobody waits for it any more; who is cancelled hears it at the end.
    func finished(
      at place: URL, compile: @escaping @Sendable () async throws -> Double
    ) async throws -> Double? {
      let key = place.path
      var found = running[key]
      if found == nil {
        if FileManager.default.fileExists(atPath: key) { return nil }
        begun += 1
        found = Running(number: begun, task: Task { try await compile() })
      }
      guard var joined = found else { return nil }
      joined.waiting += 1
      running[key] = joined
      let (task, number) = (joined.task, joined.number)
      let result = await withTaskCancellationHandler {
        await task.result
      } onCancel: {
        Task { await self.leave(key, number) }
      }
      if running[key]?.number == number { running[key] = nil }
      try Task.checkCancellation()
      return try result.get()
    }

    /// Notes that a compiled model was used, and removes what does not fit beside it: one at a time,
    /// since two who remove would remove too much.
    func tidy(_ shelf: CompiledModelShelf, used place: URL, limitBytes: Int) {
      shelf.noteUse(of: place)
      shelf.evict(aboveBytes: limitBytes)
    }

    private func leave(_ key: String, _ number: Int) {
      guard var left = running[key], left.number == number else { return }
      left.waiting -= 1
      running[key] = left.waiting > 0 ? left : nil
      // Nobody may join what is being stopped: it is not in the list any more.
      if left.waiting == 0 { left.task.cancel() }
    }
  }
#endif
