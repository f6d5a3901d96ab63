/// Puts colour below ink: the drawing stays what was drawn, whatever the model painted.
public enum InkComposition {
  /// The finished picture of a layer: paper shows its colour as it is, black ink stays black.
  ///
  /// layer x lineart in [0, 1], rounded as training/pixels.py rounds it. layer: RGB. lineart: grey,
  /// of the same size. Throws for anything else.
  public static func underInk(_ layer: Picture, lineart: Picture) throws(NurieError) -> Picture {
    try requireOneSize(layer, lineart)
    return mixed(layer, lineart: lineart)
  }

  /// The same of pictures whose sizes are right by construction.
  static func mixed(_ layer: Picture, lineart: Picture) -> Picture {
    let width = layer.width
    var mixed = Plane(layer)
    Bands(rows: layer.height, numbersPerRow: width * 3).forEachSharing(
      lineart.bytes, &mixed.values
    ) { lineart, mixed, rows in
      for pixel in (rows.lowerBound * width)..<(rows.upperBound * width) where lineart[pixel] < 255
      {
        let ink = UInt32(lineart[pixel])
        for index in (pixel * 3)..<(pixel * 3 + 3) {
          mixed[index] = UInt8(truncatingIfNeeded: (UInt32(mixed[index]) &* ink &+ 127) / 255)
        }
      }
    }
    return mixed.picture
  }

  /// Guesses the colours below the ink of a picture that a model finished: those of the nearest
  /// pixel with hardly any ink; white where all is ink.
  ///
  /// For models that paint no layer. color: RGB. lineart: grey, of the same size. Throws for
  /// anything else.
  public static func layerBeneath(
    _ color: Picture, lineart: Picture
  ) throws(NurieError) -> Picture {
    try requireOneSize(color, lineart)
    let isClean = lineart.bytes.map { $0 >= PixelRange.cleanAbove }
    guard isClean.contains(true) else {
      return try .paper(width: color.width, height: color.height, channels: .rgb)
    }
    let bytes = NearestKnown.places(of: isClean, width: color.width).flatMap { place in
      color.bytes[(Int(place) * 3)..<(Int(place) * 3 + 3)]
    }
    return Picture(width: color.width, height: color.height, channels: .rgb, unchecked: bytes)
  }

  /// The ink alone, as a layer to put above colour: black, as opaque as the line art is dark.
  ///
  /// Throws for other channels.
  public static func inkLayer(_ lineart: Picture) throws(NurieError) -> Picture {
    try lineart.requireGrey()
    var layer = [UInt8](repeating: 0, count: lineart.bytes.count * 4)
    for (pixel, grey) in lineart.bytes.enumerated() {
      layer[pixel * 4 + 3] = PixelRange.paper - grey
    }
    return Picture(
      width: lineart.width, height: lineart.height, channels: .rgba, unchecked: layer)
  }

  private static func requireOneSize(
    _ layer: Picture, _ lineart: Picture
  ) throws(NurieError) {
    guard lineart.channels == .grey, layer.channels == .rgb, lineart.width == layer.width,
      lineart.height == layer.height
    else {
      throw .picture(
        "Expected grey line art and an RGB layer of one size, received \(lineart.width) x "
          + "\(lineart.height) and \(layer.width) x \(layer.height). Crop or scale the layer first."
      )
    }
  }
}
