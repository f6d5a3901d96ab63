import NurieKit

/// A drawing as it is saved.
public struct Saved: Sendable {
  /// All that is kept of it.
  public let artwork: Artwork
  /// Its lines: grey, of its size.
  public let lineart: Picture
  /// Its colours, RGB, of its size; nil: none of that size are shown.
  public let colors: Picture?
}
