/// Colours that somebody put on a drawing for a model to follow, and where they are.
///
/// Pixels of red, green, blue and a mask: 255 where a hint is, 0 where none is. The size is that of
/// the drawing.
public struct Hints: Equatable, Sendable {
  /// RGBA; the mask is its opacity.
  public let picture: Picture

  /// Takes pixels as they are. Throws for a picture without opacity.
  public init(_ picture: Picture) throws(NurieError) {
    guard picture.channels == .rgba else {
      throw .picture(
        "Expected hints as red, green, blue and a mask, received \(picture.channels.rawValue) "
          + "channels.")
    }
    self.picture = picture
  }

  /// Draws strokes of colour in their order: the later one lies on top.
  ///
  /// A pixel is hinted when its middle lies on a stroke, or when a point of the stroke lies in it.
  /// A stroke thinner than a pixel is as wide as one: no hint is lost. Throws for an empty canvas.
  public init(_ strokes: [HintStroke], width: Int, height: Int) throws(NurieError) {
    var bytes = try Hints.none(width: width, height: height).picture.bytes
    for hint in strokes {
      let color = [hint.red, hint.green, hint.blue, UInt8.max]
      let stroke = try hint.stroke.widened(to: 1)
      StrokeShape(stroke).forEachPixel(width: width, height: height) { pixel, place in
        if place.distance <= place.width / 2 {
          bytes.replaceSubrange((pixel * 4)..<(pixel * 4 + 4), with: color)
        }
      }
      // A dot on the corner of four pixels holds the middle of none.
      for point in stroke.points {
        guard point.x >= 0, point.y >= 0, point.x < Double(width), point.y < Double(height) else {
          continue
        }
        let pixel = Int(point.y) * width + Int(point.x)
        bytes.replaceSubrange((pixel * 4)..<(pixel * 4 + 4), with: color)
      }
    }
    picture = Picture(width: width, height: height, channels: .rgba, unchecked: bytes)
  }

  /// No hint anywhere. Throws for an empty canvas.
  public static func none(width: Int, height: Int) throws(NurieError) -> Hints {
    let count = max(width, 0) * max(height, 0) * 4
    return Hints(
      drawn: try Picture(
        width: width, height: height, channels: .rgba, bytes: [UInt8](repeating: 0, count: count)))
  }

  /// Whether no pixel is hinted.
  public var isEmpty: Bool {
    stride(from: 3, to: picture.bytes.count, by: 4).allSatisfy { picture.bytes[$0] == 0 }
  }

  /// Throws unless the hints are of the drawing's size.
  func requireSize(of lineart: Picture) throws(NurieError) {
    guard picture.width == lineart.width, picture.height == lineart.height else {
      throw .picture(
        "Expected hints of the drawing's size, \(lineart.width) x \(lineart.height), received "
          + "\(picture.width) x \(picture.height).")
    }
  }

  /// The pixels that a port of these colours takes: all, the colours, or the mask.
  func picture(of colors: ModelPort.Colors) -> Picture {
    let channels: Range<Int>
    switch colors {
    case .rgba, .rgbMask: return picture
    case .rgb: channels = 0..<3
    case .gray: channels = 3..<4
    }
    var chosen: [UInt8] = []
    chosen.reserveCapacity(picture.width * picture.height * channels.count)
    for pixel in stride(from: 0, to: picture.bytes.count, by: 4) {
      for channel in channels { chosen.append(picture.bytes[pixel + channel]) }
    }
    return Picture(
      width: picture.width, height: picture.height, channels: colors.channels, unchecked: chosen)
  }

  private init(drawn picture: Picture) { self.picture = picture }
}
