import NurieKit

/// Whatever paints the colours of a drawing for a session: a model by way of the app, which knows
/// its manifest, or a double in a test.
public protocol Colorist: Sendable {
  /// Pixels in a row of the pictures that it takes, and rows.
  nonisolated var width: Int { get }
  nonisolated var height: Int { get }
  /// Thinnest and thickest line to draw for it, in its pixels.
  nonisolated var linesPX: ClosedRange<Double> { get }
  /// Whether it takes hints.
  nonisolated var takesHints: Bool { get }

  /// The colours below the ink, RGB, of exactly its size.
  ///
  /// lineart: grey. hints: nil where none are given, or it takes none.
  func paint(_ lineart: Picture, hints: Hints?) async throws -> Picture
}
