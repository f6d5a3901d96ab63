/// A colour to touch in, sRGB.
struct Paint: Hashable, Identifiable, Sendable {
  /// What somebody who does not see it is told.
  let name: String
  let red: UInt8, green: UInt8, blue: UInt8

  var id: Paint { self }

  /// Colours of skin, hair, cloth, leaves and sky; white is a hint too.
  static let palette = [
    Paint(name: "Red", red: 214, green: 58, blue: 50),
    Paint(name: "Orange", red: 240, green: 140, blue: 50),
    Paint(name: "Yellow", red: 248, green: 214, blue: 72),
    Paint(name: "Green", red: 92, green: 170, blue: 72),
    Paint(name: "Teal", red: 58, green: 160, blue: 160),
    Paint(name: "Sky blue", red: 128, green: 192, blue: 236),
    Paint(name: "Blue", red: 62, green: 96, blue: 190),
    Paint(name: "Purple", red: 138, green: 84, blue: 168),
    Paint(name: "Pink", red: 240, green: 160, blue: 184),
    Paint(name: "Skin", red: 244, green: 208, blue: 178),
    Paint(name: "Brown", red: 134, green: 88, blue: 56),
    Paint(name: "Grey", red: 150, green: 150, blue: 154),
    Paint(name: "Black", red: 44, green: 42, blue: 46),
    Paint(name: "White", red: 255, green: 255, blue: 255),
  ]
}
