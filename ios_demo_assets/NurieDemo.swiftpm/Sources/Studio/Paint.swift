import NurieKit
import SwiftUI

/// A colour to touch in, with a name for whoever does not see it.
struct Paint: Identifiable {
  let color: RGB
  let name: LocalizedStringKey

  var id: RGB { color }

  /// Colours of skin, hair, cloth, leaves and sky; white is a hint too.
  @MainActor static let palette = [
    Paint(214, 58, 50, "Red"), Paint(240, 140, 50, "Orange"), Paint(248, 214, 72, "Yellow"),
    Paint(92, 170, 72, "Green"), Paint(58, 160, 160, "Teal"), Paint(128, 192, 236, "Sky blue"),
    Paint(62, 96, 190, "Blue"), Paint(138, 84, 168, "Purple"), Paint(240, 160, 184, "Pink"),
    Paint(244, 208, 178, "Skin"), Paint(134, 88, 56, "Brown"), Paint(150, 150, 154, "Grey"),
    Paint(44, 42, 46, "Black"), Paint(255, 255, 255, "White"),
  ]

  private init(_ red: UInt8, _ green: UInt8, _ blue: UInt8, _ name: LocalizedStringKey) {
    color = RGB(red: red, green: green, blue: blue)
    self.name = name
  }
}

extension RGB {
  /// A mixed colour; what lies outside sRGB is brought to its edge.
  init(_ color: Color.Resolved) {
    func level(_ share: Float) -> UInt8 { UInt8((min(max(share, 0), 1) * 255).rounded()) }
    self.init(red: level(color.red), green: level(color.green), blue: level(color.blue))
  }
}

extension Color {
  /// A colour as the model is given it, whatever the system makes of others in dark mode.
  init(_ color: RGB) {
    self.init(
      .sRGB, red: Double(color.red) / 255, green: Double(color.green) / 255,
      blue: Double(color.blue) / 255, opacity: 1)
  }
}
