#if canImport(CoreML)
  import Foundation

  /// As long as one of these lives, no cache of this process removes the compiled model it names.
  final class CompiledModelUse: Sendable {
    private static let counts = Counts()

    private let path: String

    init(_ compiled: URL) {
      path = compiled.path
      Self.counts.change(path, by: 1)
    }

    deinit { Self.counts.change(path, by: -1) }

    static func isInUse(_ compiled: URL) -> Bool { counts.isInUse(compiled.path) }

    /// Unchecked: the lock guards what changes.
    private final class Counts: @unchecked Sendable {
      private let lock = NSLock()
      private var uses: [String: Int] = [:]

      func change(_ path: String, by count: Int) {
        lock.withLock {
          let left = uses[path, default: 0] + count
          uses[path] = left > 0 ? left : nil
        }
      }

      func isInUse(_ path: String) -> Bool { lock.withLock { uses[path] != nil } }
    }
  }
#endif
