import NurieKit

/// A drawing as it is saved.
public struct Saved: Sendable {
  /// All that is kept of it.
  public let artwork: Artwork
  /// Its lines: grey, of its size.
  public let lineart: Picture
  /// Its colours, RGB, of its size; nil: it has none, or none of that size are known.
  public let colors: Picture?
  /// Whether it has those colours, or none; false: those that were saved before stay.
  public let areColorsKnown: Bool
}
