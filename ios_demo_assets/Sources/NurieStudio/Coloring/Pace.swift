/// How long a session waits before it works, and how it waits.
public struct Pace: Sendable {
  /// From the last stroke until a model is asked: a pen that rests.
  public var rest: Duration
  /// From the last change until the drawing is saved.
  public var save: Duration
  /// Most pixels of a preview's longer side.
  public var previewSide: Int
  /// Waits; throws where the task is cancelled.
  public var sleep: @Sendable (Duration) async throws -> Void

  /// As people draw: a quarter of a second is a pen that was lifted, not one that goes on.
  public static let hand = Pace(rest: .milliseconds(250), save: .seconds(2))

  /// Takes the times.
  public init(
    rest: Duration, save: Duration, previewSide: Int = 768,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.rest = rest
    self.save = save
    self.previewSide = previewSide
    self.sleep = sleep
  }
}
