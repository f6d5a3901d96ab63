import SwiftUI

/// What a touch on the canvas does.
enum Tool: String, CaseIterable, Identifiable {
  /// Draws, and erases, with the system's pens.
  case pen
  /// Leaves dots and strokes of colour for the model to follow.
  case brush
  /// Fills a region.
  case bucket
  /// Locks a region's colour, or frees it.
  case lock
  /// Takes a colour from the drawing.
  case pick

  var id: Tool { self }

  /// Whether it needs a colour to be chosen.
  var takesPaint: Bool { self == .brush || self == .bucket }

  var label: LocalizedStringKey {
    switch self {
    case .pen: "Pen"
    case .brush: "Touch in colours"
    case .bucket: "Fill a region"
    case .lock: "Lock a region's colour"
    case .pick: "Pick a colour"
    }
  }

  var image: String {
    switch self {
    case .pen: "pencil.tip"
    case .brush: "paintbrush.pointed"
    case .bucket: "paintpalette"
    case .lock: "lock"
    case .pick: "eyedropper"
    }
  }

  /// The key that chooses it, with Command: its place in the row.
  var key: KeyEquivalent {
    switch self {
    case .pen: "1"
    case .brush: "2"
    case .bucket: "3"
    case .lock: "4"
    case .pick: "5"
    }
  }
}
