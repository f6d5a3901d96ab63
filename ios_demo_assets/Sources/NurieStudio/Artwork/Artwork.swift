import Foundation
import NurieKit

/// A drawing that somebody colours: all that is kept of it, as a value.
///
/// Everything is in pixels of its own canvas, whose size never changes: a device that is turned, or
/// another window, shows the same canvas in another scale.
public struct Artwork: Equatable, Sendable {
  /// Line art that is drawn upon: an imported drawing, cleaned.
  public struct Sheet: Equatable, Sendable {
    /// What makes it this one: two sheets of one identity have the same pixels.
    public let id: UUID
    /// Grey, paper 255, of the canvas's size.
    public let picture: Picture

    /// Takes line art. Its size is checked where it is laid.
    public init(id: UUID = UUID(), picture: Picture) {
      self.id = id
      self.picture = picture
    }

    /// Sheets are compared by identity: five million pixels are not looked at for each change.
    public static func == (one: Sheet, other: Sheet) -> Bool { one.id == other.id }
  }

  /// Most pixels of a canvas: what a region finder takes a second for on a telephone.
  static let mostPixels = 12_000_000

  /// Pixels in a row, and rows.
  public let width: Int, height: Int
  /// The lines of the pen, in the order in which they were drawn.
  public internal(set) var ink: [InkLine] = []
  /// What lies under the pen; nil: blank paper.
  public internal(set) var sheet: Sheet?
  /// Colours that a model is shown, the later one on top.
  public internal(set) var hints: [HintStroke] = []
  /// Regions that have a colour whatever a model or a hint says, the later one wins.
  public internal(set) var locks: [RegionLock] = []
  /// Whether each lock's pixel lies in its region among the lines as they are; after a change of
  /// lines nobody knows until the regions are found.
  var isAnchored = true

  /// A blank canvas. Throws for one without a pixel, or with more than 12 million.
  public init(width: Int, height: Int) throws(NurieError) {
    guard width > 0, height > 0, width <= Self.mostPixels, height <= Self.mostPixels / width else {
      throw .picture(
        "Expected a canvas of 1 to \(Self.mostPixels) pixels, received \(width) x \(height).")
    }
    self.width = width
    self.height = height
  }

  /// Whether there is anything on the paper to colour.
  public var isBlank: Bool { ink.isEmpty && sheet == nil }

  /// Whether there is nothing at all, neither lines nor colours.
  public var isEmpty: Bool { isBlank && hints.isEmpty && locks.isEmpty }

  /// What decides the regions: the lines, and what lies under them.
  var lines: Lines { Lines(sheet: sheet?.id, ink: ink.map(\.id)) }

  /// The lines of a drawing by their identities.
  struct Lines: Hashable, Sendable {
    let sheet: UUID?
    let ink: [UUID]
  }
}
