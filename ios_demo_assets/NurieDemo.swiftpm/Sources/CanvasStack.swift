import SwiftUI

/// From below: paper, colour, an imported picture's lines, and the ink that one draws.
struct CanvasStack: View {
  let studio: Studio
  let page: CanvasPage

  var body: some View {
    ZStack {
      Color.white
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
    }
    .clipShape(RoundedRectangle(cornerRadius: 12))
    .shadow(radius: 2)
  }
}
