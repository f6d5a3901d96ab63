import NurieKit

/// The colours that stand below the ink.
public struct Shown: Equatable, Sendable {
  /// RGB: without ink. As large as the canvas, or smaller while it is a preview.
  public let colors: Picture
  /// Whether the same in full size is still to come.
  public let isPreview: Bool
  /// Another number for other colours, of one session.
  public let revision: Int

  init(colors: Picture, isPreview: Bool, revision: Int) {
    self.colors = colors
    self.isPreview = isPreview
    self.revision = revision
  }

  /// Colours are compared by their number: five million pixels are not looked at to draw a view.
  public static func == (one: Shown, other: Shown) -> Bool { one.revision == other.revision }
}
