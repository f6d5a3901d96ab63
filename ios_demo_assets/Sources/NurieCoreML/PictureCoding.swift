#if canImport(CoreML)
  import CoreFoundation
  import CoreGraphics
  import Foundation
  import ImageIO
  import NurieKit

  /// Picture files and the system's pictures, to pixels and back.
  public enum PictureCoding {
    /// Decodes a file without loss to the very values that it holds: no colour management.
    ///
    /// For golden pictures. Throws for anything but 8-bit grey, RGB, or RGB that is opaque in some
    /// pixels and absent in all others.
    public static func decodeExactly(_ data: Data) throws(ColoringError) -> Picture {
      let image = try image(data)
      guard let space = image.colorSpace, image.bitsPerComponent == 8,
        space.model == .monochrome || space.model == .rgb
      else {
        throw .picture("Expected a picture of 8 bits a channel, grey or RGB.")
      }
      // Into its own colour space: nothing is converted.
      let isGrey = space.model == .monochrome
      let pixels = try drawn(
        image, space: space, bytesPerPixel: isGrey ? 1 : 4, onPaper: !hasOpacity(image))
      guard hasOpacity(image) else { return pixels.onPaper() }
      // The system multiplies colours by opacity: all or nothing leaves them as they are.
      let opacities = stride(from: 3, to: pixels.bytes.count, by: 4).map { pixels.bytes[$0] }
      guard !isGrey, opacities.allSatisfy({ $0 == 0 || $0 == UInt8.max }) else {
        throw .picture("Expected a picture whose pixels are opaque RGB or absent, not between.")
      }
      return pixels
    }

    /// Decodes any picture to sRGB on white paper.
    public static func decode(_ image: CGImage) throws(ColoringError) -> Picture {
      guard let space = CGColorSpace(name: CGColorSpace.sRGB) else {
        throw .picture("This system has no sRGB.")
      }
      return try drawn(image, space: space, bytesPerPixel: 4, onPaper: true).onPaper()
    }

    /// A picture for the screen.
    public static func image(_ picture: Picture) throws(ColoringError) -> CGImage {
      guard let space = CGColorSpace(name: CGColorSpace.sRGB),
        let context = context(picture.width, picture.height, space: space, bytesPerPixel: 4),
        let data = context.data
      else {
        throw .picture("The system refused memory for \(picture.width) x \(picture.height) pixels.")
      }
      let pixels = picture.rgba().bytes
      for row in 0..<picture.height {
        for place in 0..<picture.width {
          let pixel = (row * picture.width + place) * 4
          let alpha = Int(pixels[pixel + 3])
          let target = data + row * context.bytesPerRow + place * 4
          for channel in 0..<3 {
            // The system's contexts hold colours multiplied by opacity.
            let mixed = UInt8((Int(pixels[pixel + channel]) * alpha + 127) / 255)
            target.storeBytes(of: mixed, toByteOffset: channel, as: UInt8.self)
          }
          target.storeBytes(of: UInt8(alpha), toByteOffset: 3, as: UInt8.self)
        }
      }
      guard let image = context.makeImage() else {
        throw .picture("The system made no picture of \(picture.width) x \(picture.height) pixels.")
      }
      return image
    }

    private static func image(_ data: Data) throws(ColoringError) -> CGImage {
      let bytes = [UInt8](data)
      guard let file = CFDataCreate(nil, bytes, bytes.count),
        let source = CGImageSourceCreateWithData(file, nil),
        let image = CGImageSourceCreateImageAtIndex(source, 0, nil)
      else {
        throw .picture("These \(bytes.count) bytes are no picture that this system reads.")
      }
      return image
    }

    private static func hasOpacity(_ image: CGImage) -> Bool {
      switch image.alphaInfo {
      case .none, .noneSkipFirst, .noneSkipLast: false
      default: true
      }
    }

    /// Draws and returns the bytes: one a pixel for grey, else red, green, blue and opacity.
    private static func drawn(
      _ image: CGImage, space: CGColorSpace, bytesPerPixel: Int, onPaper: Bool
    ) throws(ColoringError) -> Picture {
      let (width, height) = (image.width, image.height)
      guard let context = context(width, height, space: space, bytesPerPixel: bytesPerPixel),
        let data = context.data
      else {
        throw .picture("The system refused memory for \(width) x \(height) pixels.")
      }
      let area = CGRect(x: 0, y: 0, width: width, height: height)
      if onPaper {
        context.setFillColor(gray: 1, alpha: 1)
        context.fill(area)
      } else {
        context.clear(area)
      }
      context.draw(image, in: area)
      var bytes: [UInt8] = []
      bytes.reserveCapacity(width * height * bytesPerPixel)
      for row in 0..<height {
        let start = data + row * context.bytesPerRow
        bytes.append(
          contentsOf: UnsafeRawBufferPointer(start: start, count: width * bytesPerPixel))
      }
      do {
        return try Picture(
          width: width, height: height, channels: bytesPerPixel == 1 ? .grey : .rgba, bytes: bytes)
      } catch {
        throw .refused(error)
      }
    }

    private static func context(
      _ width: Int, _ height: Int, space: CGColorSpace, bytesPerPixel: Int
    ) -> CGContext? {
      let alpha: CGImageAlphaInfo = bytesPerPixel == 1 ? .none : .premultipliedLast
      return CGContext(
        data: nil, width: width, height: height, bitsPerComponent: 8, bytesPerRow: 0, space: space,
        bitmapInfo: alpha.rawValue)
    }
  }
#endif
