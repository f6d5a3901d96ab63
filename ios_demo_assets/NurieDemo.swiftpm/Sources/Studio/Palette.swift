import NurieKit
import SwiftUI

/// The colours to touch in, a row to scroll: proposed ones, the palette, and whatever somebody mixes.
struct PaletteBar: View {
  let studio: Studio

  @State private var mixed = Color(Paint.palette[0].color)
  @ScaledMetric private var side = 32.0  // points: what a finger hits, larger with larger type
  @Environment(\.self) private var environment

  var body: some View {
    ScrollView(.horizontal, showsIndicators: false) {
      HStack(spacing: 10) {
        ForEach(studio.proposals, id: \.self) { color in
          swatch(color, image: "sparkles")
            .accessibilityLabel("Proposed colour \(color.hex)")
        }
        ForEach(Paint.palette) { paint in
          swatch(paint.color, image: nil)
            .accessibilityLabel(paint.name)
        }
        ColorPicker("Another colour", selection: $mixed, supportsOpacity: false)
          .labelsHidden()
      }
      .padding(4)
    }
    .onChange(of: mixed) { studio.choose(RGB(mixed.resolve(in: environment))) }
  }

  private func swatch(_ color: RGB, image: String?) -> some View {
    let isChosen = color == studio.paint
    return Button {
      studio.choose(color)
    } label: {
      ZStack {
        Circle().fill(Color(color))
        Circle().stroke(
          isChosen ? Color.accentColor : Color.secondary, lineWidth: isChosen ? 3 : 1)
        if let image {
          Image(systemName: image).font(.caption2).foregroundStyle(.secondary)
        }
      }
      .frame(width: side, height: side)
    }
    .accessibilityAddTraits(isChosen ? .isSelected : [])
  }
}
