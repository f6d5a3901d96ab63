/// Puts colour below ink: the drawing stays what was drawn, whatever the model painted.
public enum InkComposition {
  /// Multiplies colour by line art: paper shows the colour as it is, black ink stays black.
  ///
  /// For apps that save a picture. lineart: grey. color: RGB of the same size. Throws for anything
  /// else.
  public static func flattened(color: Picture, lineart: Picture) throws(NurieError) -> Picture {
    guard lineart.channels == .grey, color.channels == .rgb, lineart.width == color.width,
      lineart.height == color.height
    else {
      throw .picture(
        "Expected grey line art and colour of one size, received \(lineart.width) x "
          + "\(lineart.height) and \(color.width) x \(color.height). Crop or scale the colour first."
      )
    }
    let mixed = color.bytes.indices.map { index in
      UInt8((Int(color.bytes[index]) * Int(lineart.bytes[index / 3]) + 127) / 255)
    }
    return Picture(width: color.width, height: color.height, channels: .rgb, unchecked: mixed)
  }

  /// The ink alone, as a layer to put above colour: black, as opaque as the line art is dark.
  public static func inkLayer(_ lineart: Picture) throws(NurieError) -> Picture {
    guard lineart.channels == .grey else {
      throw .picture("Expected grey line art, received \(lineart.channels.rawValue) channels.")
    }
    var layer = [UInt8](repeating: 0, count: lineart.bytes.count * 4)
    for (pixel, grey) in lineart.bytes.enumerated() {
      layer[pixel * 4 + 3] = PixelRange.paper - grey
    }
    return Picture(
      width: lineart.width, height: lineart.height, channels: .rgba, unchecked: layer)
  }
}
