#if canImport(CoreML)
  import CoreVideo
  import NurieKit

  /// Pictures as Core ML takes and returns them, row padding and byte order included.
  enum PixelBuffers {
    /// What Core ML takes for grey and for colour; nil for pictures with opacity, which it does not.
    static func format(of channels: Picture.Channels) -> OSType? {
      switch channels {
      case .grey: kCVPixelFormatType_OneComponent8
      case .rgb: kCVPixelFormatType_32BGRA
      case .rgba: nil
      }
    }

    /// Whether `picture(_:)` reads buffers of this format.
    static func canRead(_ format: OSType) -> Bool { places(in: format) != nil }

    /// Writes a picture into a buffer of its size: one byte a pixel where grey, else blue, green,
    /// red, opaque. Nothing is allocated.
    static func write(_ picture: Picture, to buffer: CVPixelBuffer) throws(ColoringError) {
      guard CVPixelBufferGetPixelFormatType(buffer) == format(of: picture.channels),
        CVPixelBufferGetWidth(buffer) == picture.width,
        CVPixelBufferGetHeight(buffer) == picture.height
      else {
        throw .picture(
          "Expected a grey or RGB picture of the model's size, received \(picture.width) x "
            + "\(picture.height) with \(picture.channels.rawValue) channels.")
      }
      let (width, height) = (picture.width, picture.height)
      let isGrey = picture.channels == .grey
      try withBytes(of: buffer, flags: []) { bytes, rowBytes in
        picture.bytes.withUnsafeBytes { pixels in
          for row in 0..<height {
            let line = bytes + row * rowBytes
            if isGrey {
              UnsafeMutableRawBufferPointer(start: line, count: width).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: pixels[(row * width)..<((row + 1) * width)]))
            } else {
              writeColors(pixels, from: row * width, count: width, to: line)
            }
          }
        }
      }
    }

    /// The colours of a buffer that a model returned; its opacity is ignored.
    static func picture(_ buffer: CVPixelBuffer) throws(ColoringError) -> Picture {
      let (width, height) = (CVPixelBufferGetWidth(buffer), CVPixelBufferGetHeight(buffer))
      let format = CVPixelBufferGetPixelFormatType(buffer)
      guard let places = places(in: format) else {
        throw .prediction(
          "The model returned a picture of pixel format \(format). Expected BGRA, ARGB or RGBA.")
      }
      var colors = [UInt8](repeating: 0, count: width * height * 3)
      try withBytes(of: buffer, flags: .readOnly) { bytes, rowBytes in
        colors.withUnsafeMutableBufferPointer { colors in
          for row in 0..<height {
            let line = bytes + row * rowBytes
            for pixel in 0..<width {
              let target = (row * width + pixel) * 3
              colors[target] = line.load(fromByteOffset: pixel * 4 + places.red, as: UInt8.self)
              colors[target + 1] =
                line.load(fromByteOffset: pixel * 4 + places.green, as: UInt8.self)
              colors[target + 2] =
                line.load(fromByteOffset: pixel * 4 + places.blue, as: UInt8.self)
            }
          }
        }
      }
      do {
        return try Picture(width: width, height: height, channels: .rgb, bytes: colors)
      } catch {
        throw .refused(error)
      }
    }

    /// Where red, green and blue stand among the four bytes of a pixel; nil: unknown.
    private static func places(in format: OSType) -> (red: Int, green: Int, blue: Int)? {
      switch format {
      case kCVPixelFormatType_32BGRA: (2, 1, 0)
      case kCVPixelFormatType_32ARGB: (1, 2, 3)
      case kCVPixelFormatType_32RGBA: (0, 1, 2)
      default: nil
      }
    }

    private static func writeColors(
      _ pixels: UnsafeRawBufferPointer, from first: Int, count: Int,
      to line: UnsafeMutableRawPointer
    ) {
      for pixel in 0..<count {
        let source = (first + pixel) * 3
        line.storeBytes(of: pixels[source + 2], toByteOffset: pixel * 4, as: UInt8.self)
        line.storeBytes(of: pixels[source + 1], toByteOffset: pixel * 4 + 1, as: UInt8.self)
        line.storeBytes(of: pixels[source], toByteOffset: pixel * 4 + 2, as: UInt8.self)
        line.storeBytes(of: UInt8.max, toByteOffset: pixel * 4 + 3, as: UInt8.self)
      }
    }

    private static func withBytes(
      of buffer: CVPixelBuffer, flags: CVPixelBufferLockFlags,
      body: (_ bytes: UnsafeMutableRawPointer, _ rowBytes: Int) -> Void
    ) throws(ColoringError) {
      guard CVPixelBufferLockBaseAddress(buffer, flags) == kCVReturnSuccess else {
        throw .picture("The system does not let a picture's pixels be reached.")
      }
      defer { CVPixelBufferUnlockBaseAddress(buffer, flags) }
      guard let bytes = CVPixelBufferGetBaseAddress(buffer) else {
        throw .picture("A picture of the system has no pixels in memory.")
      }
      body(bytes, CVPixelBufferGetBytesPerRow(buffer))
    }
  }
#endif
