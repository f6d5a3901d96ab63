import SwiftUI

/// From below: paper, colour, an imported picture's lines, the ink that one draws, and the colours
/// that one touches in.
struct CanvasStack: View {
  let studio: Studio
  let page: CanvasPage
  /// What touches leave here; nil: ink.
  let paint: Paint?

  var body: some View {
    ZStack {
      GeometryReader { canvas in
        // Turned, the device has a canvas of another shape, and the colours must fit it.
        Color.white.onChange(of: canvas.size) { studio.resize(to: canvas.size) }
      }
      if let picture = studio.coloring.picture {
        Image(decorative: picture, scale: 1)
          .resizable()
          .interpolation(.high)
      }
      if let ink = studio.ink {
        Image(decorative: ink, scale: 1)
          .resizable()
          .scaledToFit()
      }
      InkCanvas(
        onChange: { strokes, size in studio.draw(strokes, canvas: size) },
        onFailure: { sentence in studio.fail(sentence) },
        page: page)
      if let paint { HintLayer(studio: studio, paint: paint) }
    }
    .clipShape(RoundedRectangle(cornerRadius: 12))
    .shadow(radius: 2)
  }
}
