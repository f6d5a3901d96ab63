/// One input or output of an exported model, as its manifest describes it.
///
/// At every port, value = pixel x scale + bias; at one of `rgb_mask`, the colours' values also times
/// the mask. Nothing in Swift repeats these numbers.
public struct ModelPort: Codable, Equatable, Sendable {
  /// Whether Core ML hands over pictures or numbers here.
  public enum Kind: String, Codable, Sendable {
    /// Pictures: Core ML scales inside the model.
    case image
    /// Multi-arrays of numbers.
    case tensor
  }

  /// The order of the axes.
  public enum Layout: String, Codable, Sendable {
    /// Channels last: interleaved.
    case nhwc = "NHWC"
    /// Channels first: planar.
    case nchw = "NCHW"
  }

  /// The type of one value.
  public enum ElementType: String, Codable, Sendable {
    /// 8-bit pixels.
    case uint8
    /// 32-bit floating point.
    case float32
  }

  /// What the channels are.
  public enum Colors: String, Codable, Sendable {
    /// One channel.
    case gray
    /// Three channels.
    case rgb
    /// Four channels: the pixels of hints as they are.
    case rgba
    /// Four channels: hints as networks take them, mask 0 to 1, and colours that fade with it.
    case rgbMask = "rgb_mask"

    /// Those of the pictures that such a port takes.
    var channels: Picture.Channels {
      switch self {
      case .gray: .grey
      case .rgb: .rgb
      case .rgba, .rgbMask: .rgba
      }
    }
  }

  /// What the model calls it.
  public let name: String
  /// Pictures or numbers.
  public let kind: Kind
  /// Four sizes, in the order of `layout`. The first, the batch, is 1.
  public internal(set) var shape: [Int]
  /// The order of the axes.
  public let layout: Layout
  /// The type of one value.
  public let dtype: ElementType
  /// What the channels are.
  public let colors: Colors
  /// value = pixel x scale + bias.
  public let scale: Double
  /// value = pixel x scale + bias.
  public let bias: Double

  /// Rows of the picture.
  public var height: Int { layout == .nhwc ? shape[1] : shape[2] }
  /// Pixels in a row.
  public var width: Int { layout == .nhwc ? shape[2] : shape[3] }
  /// The same colours, as pictures have them.
  public var channels: Picture.Channels { colors.channels }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, kind, shape, layout, dtype, colors, scale, bias
  }

  /// Reads a port: no field missing, and a shape that fits the colours.
  public init(from decoder: any Decoder) throws {
    try StrictKeys.require(CodingKeys.self, in: decoder)
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    name = try fields.decode(String.self, forKey: .name)
    kind = try fields.decode(Kind.self, forKey: .kind)
    shape = try fields.decode([Int].self, forKey: .shape)
    layout = try fields.decode(Layout.self, forKey: .layout)
    dtype = try fields.decode(ElementType.self, forKey: .dtype)
    colors = try fields.decode(Colors.self, forKey: .colors)
    scale = try fields.decode(Double.self, forKey: .scale)
    bias = try fields.decode(Double.self, forKey: .bias)
    let count = colors.channels.rawValue
    guard shape.count == 4, shape.allSatisfy({ $0 > 0 }), shape[0] == 1,
      shape[layout == .nhwc ? 3 : 1] == count
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .shape, in: fields,
        debugDescription: "expected a batch of 1 and \(count) channels as \(layout.rawValue), "
          + "received \(shape)")
    }
    guard scale != 0 else {
      throw DecodingError.dataCorruptedError(
        forKey: .scale, in: fields, debugDescription: "expected a scale other than 0, received 0")
    }
  }

  /// Turns a picture into the numbers that a tensor port takes, in its layout.
  ///
  /// Where the port is uint8, the values are whole numbers from 0 to 255. Throws for a picture of
  /// another size or other channels.
  public func encode(_ picture: Picture) throws(NurieError) -> [Float] {
    try require(picture)
    let (factor, offset) = (Float(scale), Float(bias))
    var values = picture.bytes.map { Float($0) * factor + offset }
    if colors == .rgbMask {
      for pixel in stride(from: 0, to: values.count, by: 4) {
        let mask = Float(picture.bytes[pixel + 3]) / Float(UInt8.max)
        for channel in 0..<3 { values[pixel + channel] *= mask }
        values[pixel + 3] = mask
      }
    }
    if dtype == .uint8 { values = values.map { Float(PixelRange.rounded($0)) } }
    return arranged(values, from: .nhwc, to: layout)
  }

  /// Turns the numbers that a tensor port returned into a picture: (value - bias) / scale, rounded
  /// halves to even and clipped.
  ///
  /// Throws for NaN, infinity, or another count than the port's shape, and for ports of hints.
  public func decode(_ values: [Float]) throws(NurieError) -> Picture {
    guard colors != .rgbMask else {
      throw .picture("The model's \(name) takes hints. Expected a port that returns a picture.")
    }
    guard values.count == shape.reduce(1, *) else {
      throw .picture(
        "The model's \(name) has \(shape.reduce(1, *)) values, received \(values.count).")
    }
    try PixelRange.requireFinite(values)
    let (factor, offset) = (Float(scale), Float(bias))
    let pixels = arranged(values, from: layout, to: .nhwc).map {
      PixelRange.rounded(($0 - offset) / factor)
    }
    return Picture(width: width, height: height, channels: channels, unchecked: pixels)
  }

  /// Throws for a picture of another size or other channels.
  func require(_ picture: Picture) throws(NurieError) {
    guard picture.width == width, picture.height == height, picture.channels == channels else {
      throw .picture(
        "The model's \(name) is \(width) x \(height) with \(channels.rawValue) channels, received "
          + "\(picture.width) x \(picture.height) with \(picture.channels.rawValue). Pad it with "
          + "paper, or scale it down first.")
    }
  }

  private func arranged(_ values: [Float], from: Layout, to: Layout) -> [Float] {
    let (pixels, count) = (width * height, channels.rawValue)
    guard from != to, count > 1 else { return values }
    // The index in the other layout: channel by channel from pixel by pixel, or back.
    return values.indices.map { index in
      to == .nchw
        ? values[index % pixels * count + index / pixels]
        : values[index % count * pixels + index / count]
    }
  }
}
