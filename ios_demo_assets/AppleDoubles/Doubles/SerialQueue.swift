import Dispatch

/// Of Dispatch on Apple systems: Linux's has no queue that is an executor.
public final class DispatchSerialQueue: SerialExecutor {
  private static let name = DispatchSpecificKey<String>()
  /// The label of the queue that runs the asking code; nil: none of these.
  static var current: String? { DispatchQueue.getSpecific(key: name) }

  private let queue: DispatchQueue

  public init(label: String, qos: DispatchQoS = .unspecified) {
    queue = DispatchQueue(label: label, qos: qos)
    queue.setSpecific(key: Self.name, value: label)
  }

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
