import CoreGraphics

/// What stands below the ink. Exactly one case holds at any time.
enum ColoringState {
  /// Nothing drawn, or nothing coloured yet.
  case empty
  /// A model is at work; what was painted before stays visible meanwhile.
  case running(previous: CGImage?)
  /// Colours for the whole canvas, and how long they took from drawing to picture.
  case finished(CGImage, milliseconds: Double)
  /// A sentence for the screen.
  case failed(String)

  /// The picture to show below the ink, if there is one.
  var picture: CGImage? {
    switch self {
    case .empty, .failed: nil
    case .running(let previous): previous
    case .finished(let picture, _): picture
    }
  }

  /// One line for whoever draws.
  var sentence: String {
    switch self {
    case .empty: "Draw something."
    case .running: "Colouring"
    case .finished(_, let milliseconds): "Coloured in \(Int(milliseconds.rounded())) ms"
    case .failed(let sentence): sentence
    }
  }
}
