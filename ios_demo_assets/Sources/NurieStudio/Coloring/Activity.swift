/// What a session does beside showing colours. Exactly one case holds at any time.
public enum Activity: Equatable, Sendable {
  /// Nothing: the colours are those of the drawing, or there is nothing to colour.
  case idle
  /// A model is loaded, or asked, or its answer is laid out.
  case working
  /// The last try failed, for this reason; the colours are those of before.
  case failed(String)
  /// The app is not in front: what is to be done waits.
  case paused
}
