import SwiftUI

/// The colours to touch in, a row to scroll; the last one is whatever somebody mixes.
struct PaletteBar: View {
  // Points: what a finger hits.
  private static let side: CGFloat = 32

  @Binding var paint: Paint

  @State private var mixed = Color(Paint.palette[0])
  @Environment(\.self) private var environment

  var body: some View {
    ScrollView(.horizontal, showsIndicators: false) {
      HStack(spacing: 10) {
        ForEach(Paint.palette) { other in
          Button {
            paint = other
          } label: {
            swatch(other)
          }
          .accessibilityLabel(other.name)
        }
        ColorPicker("Another colour", selection: $mixed, supportsOpacity: false)
          .labelsHidden()
      }
      .padding(4)
    }
    .onChange(of: mixed) { paint = Paint(mixed.resolve(in: environment)) }
  }

  private func swatch(_ other: Paint) -> some View {
    let chosen = other == paint
    return ZStack {
      Circle().fill(Color(other))
      Circle().stroke(chosen ? Color.accentColor : Color.secondary, lineWidth: chosen ? 3 : 1)
    }
    .frame(width: Self.side, height: Self.side)
  }
}

extension Paint {
  /// A mixed colour; what lies outside sRGB is brought to its edge.
  init(_ color: Color.Resolved) {
    func level(_ share: Float) -> UInt8 { UInt8((min(max(share, 0), 1) * 255).rounded()) }
    self.init(
      name: "another colour", red: level(color.red), green: level(color.green),
      blue: level(color.blue))
  }
}
