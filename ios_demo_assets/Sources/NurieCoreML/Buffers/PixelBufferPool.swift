#if canImport(CoreML)
  import CoreFoundation
  import CoreVideo
  import NurieKit

  /// Pixel buffers of one size and format, each used again when nobody holds it any more.
  ///
  /// They are IOSurfaces: processor, GPU and Neural Engine share them without a copy.
  struct PixelBufferPool {
    private let pool: CVPixelBufferPool
    private let width: Int, height: Int

    init(width: Int, height: Int, format: OSType) throws(ColoringError) {
      (self.width, self.height) = (width, height)
      guard
        let attributes = Self.dictionary([
          (kCVPixelBufferWidthKey, Self.number(width)),
          (kCVPixelBufferHeightKey, Self.number(height)),
          (kCVPixelBufferPixelFormatTypeKey, Self.number(Int(format))),
          // Empty, but there: that makes IOSurfaces of them.
          (kCVPixelBufferIOSurfacePropertiesKey, Self.dictionary([])),
        ])
      else { throw .picture("The system refused memory for the description of a picture.") }
      var created: CVPixelBufferPool?
      let status = CVPixelBufferPoolCreate(nil, nil, attributes, &created)
      guard status == kCVReturnSuccess, let created else {
        throw .picture(
          "The system refused buffers of \(width) x \(height) pixels (\(status)).")
      }
      pool = created
    }

    /// A buffer that nobody holds. What was in it before is in it still.
    func next() throws(ColoringError) -> CVPixelBuffer {
      var created: CVPixelBuffer?
      let status = CVPixelBufferPoolCreatePixelBuffer(nil, pool, &created)
      guard status == kCVReturnSuccess, let created else {
        throw .picture(
          "The system refused a buffer of \(width) x \(height) pixels (\(status)).")
      }
      return created
    }

    private static func number(_ value: Int) -> CFNumber? {
      var value = Int64(value)
      return CFNumberCreate(nil, .sInt64Type, &value)
    }

    /// By Core Foundation's own calls: to cast a dictionary of Swift's exists on Apple systems alone.
    private static func dictionary(_ items: [(CFString, CFTypeRef?)]) -> CFDictionary? {
      var (keys, values) = (kCFTypeDictionaryKeyCallBacks, kCFTypeDictionaryValueCallBacks)
      guard let dictionary = CFDictionaryCreateMutable(nil, items.count, &keys, &values) else {
        return nil
      }
      for (key, value) in items {
        guard let value else { return nil }
        CFDictionarySetValue(
          dictionary, Unmanaged.passUnretained(key).toOpaque(),
          Unmanaged.passUnretained(value).toOpaque())
      }
      return dictionary
    }
  }
#endif
