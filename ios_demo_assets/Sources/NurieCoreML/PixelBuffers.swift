#if canImport(CoreML)
  import CoreVideo
  import NurieKit

  /// Pictures as Core ML takes and returns them, row padding and byte order included.
  enum PixelBuffers {
    /// A picture as a buffer: one byte a pixel where grey, else blue, green, red, opaque.
    static func buffer(_ picture: Picture) throws(ColoringError) -> CVPixelBuffer {
      let isGrey = picture.channels == .grey
      guard isGrey || picture.channels == .rgb else {
        throw .picture(
          "Expected a grey or RGB picture for the model, received \(picture.channels.rawValue) "
            + "channels.")
      }
      // What Core ML takes for grey and for colour.
      let format = isGrey ? kCVPixelFormatType_OneComponent8 : kCVPixelFormatType_32BGRA
      var created: CVPixelBuffer?
      let status = CVPixelBufferCreate(nil, picture.width, picture.height, format, nil, &created)
      guard status == kCVReturnSuccess, let buffer = created else {
        throw .picture(
          "The system refused a buffer of \(picture.width) x \(picture.height) pixels (\(status)).")
      }
      let pixels = isGrey ? picture.bytes : bgra(picture.bytes)
      let count = pixels.count / picture.height
      try withBytes(of: buffer, flags: []) { bytes, rowBytes in
        for row in 0..<picture.height {
          let line = Array(pixels[(row * count)..<((row + 1) * count)])
          (bytes + row * rowBytes).copyMemory(from: line, byteCount: count)
        }
      }
      return buffer
    }

    /// The colours of a buffer that a model returned; its opacity is ignored.
    static func picture(_ buffer: CVPixelBuffer) throws(ColoringError) -> Picture {
      let (width, height) = (CVPixelBufferGetWidth(buffer), CVPixelBufferGetHeight(buffer))
      let format = CVPixelBufferGetPixelFormatType(buffer)
      // Where red, green and blue stand among the four bytes of a pixel.
      let places: [Int]
      switch format {
      case kCVPixelFormatType_32BGRA: places = [2, 1, 0]
      case kCVPixelFormatType_32ARGB: places = [1, 2, 3]
      case kCVPixelFormatType_32RGBA: places = [0, 1, 2]
      default:
        throw .prediction(
          "The model returned a picture of pixel format \(format). Expected BGRA, ARGB or RGBA.")
      }
      var colors: [UInt8] = []
      colors.reserveCapacity(width * height * 3)
      try withBytes(of: buffer, flags: .readOnly) { bytes, rowBytes in
        for row in 0..<height {
          for pixel in 0..<width {
            for place in places {
              colors.append((bytes + row * rowBytes + pixel * 4 + place).load(as: UInt8.self))
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

    private static func bgra(_ rgb: [UInt8]) -> [UInt8] {
      var pixels = [UInt8](repeating: UInt8.max, count: rgb.count / 3 * 4)
      for pixel in 0..<(rgb.count / 3) {
        for channel in 0..<3 { pixels[pixel * 4 + 2 - channel] = rgb[pixel * 3 + channel] }
      }
      return pixels
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
