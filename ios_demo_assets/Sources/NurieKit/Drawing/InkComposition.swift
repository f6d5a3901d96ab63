/// Puts colour below ink: the drawing stays what was drawn, whatever the model painted.
public enum InkComposition {
  /// The finished picture of a layer: paper shows its colour as it is, black ink stays black.
  ///
  /// layer x lineart in [0, 1], rounded as training/pixels.py rounds it. layer: RGB. lineart: grey,
  /// of the same size. Throws for anything else.
  public static func underInk(_ layer: Picture, lineart: Picture) throws(NurieError) -> Picture {
    guard lineart.channels == .grey, layer.channels == .rgb, lineart.width == layer.width,
      lineart.height == layer.height
    else {
      throw .picture(
        "Expected grey line art and an RGB layer of one size, received \(lineart.width) x "
          + "\(lineart.height) and \(layer.width) x \(layer.height). Crop or scale the layer first."
      )
    }
    let mixed = layer.bytes.indices.map { index in
      UInt8((Int(layer.bytes[index]) * Int(lineart.bytes[index / 3]) + 127) / 255)
    }
    return Picture(width: layer.width, height: layer.height, channels: .rgb, unchecked: mixed)
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
