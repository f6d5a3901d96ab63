import Foundation

/// Rows shared out among the processors, in bands of neighbouring rows.
struct Bands {
  /// Bands, at least 1.
  let count: Int
  private let rows: Int

  /// Fewer numbers than this are worked through sooner than a thread is woken.
  private static let worthAThread = 1 << 16
  /// More threads than this wait for memory.
  private static let most = 4

  init(rows: Int, numbersPerRow: Int) {
    self.rows = rows
    let worth = rows * numbersPerRow / Self.worthAThread
    count = max(1, min(Self.most, rows, worth, ProcessInfo.processInfo.activeProcessorCount))
  }

  /// Calls `body` once a band, with its number and its rows, and returns when all are done.
  ///
  /// Bands run at the same time: `body` may write what belongs to its own rows or its own number.
  func forEach(_ body: (_ band: Int, _ rows: Range<Int>) -> Void) {
    guard count > 1 else { return body(0, 0..<rows) }
    withoutActuallyEscaping(body) { body in
      // The compiler cannot see that bands share no row; `concurrentPerform` returns after all.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: count) { band in
        body(band, (band * rows / count)..<((band + 1) * rows / count))
      }
    }
  }

  /// Calls `body` once a band, with what it reads and what it writes.
  func forEachSharing<Read, Written>(
    _ read: [Read], _ written: inout [Written],
    _ body: (
      _ source: UnsafeBufferPointer<Read>, _ target: UnsafeMutableBufferPointer<Written>,
      _ rows: Range<Int>
    ) -> Void
  ) {
    read.withUnsafeBufferPointer { source in
      written.withUnsafeMutableBufferPointer { target in
        forEach { _, rows in body(source, target, rows) }
      }
    }
  }
}
