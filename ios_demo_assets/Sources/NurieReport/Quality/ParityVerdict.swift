/// Whether a model draws what Keras drew, and the sentence that says so.
public struct ParityVerdict: Equatable, Sendable {
  /// Whether every golden drawing reached the gate.
  public let passed: Bool
  /// The worst drawing and the gate.
  public let sentence: String
}
