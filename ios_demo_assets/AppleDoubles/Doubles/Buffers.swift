import Foundation

public typealias OSType = UInt32
public typealias CVReturn = Int32
public let kCVReturnSuccess: CVReturn = 0
public let kCVPixelFormatType_OneComponent8 = code("L008")
public let kCVPixelFormatType_32BGRA = code("BGRA")
public let kCVPixelFormatType_32ARGB = code("ARGB")
public let kCVPixelFormatType_32RGBA = code("RGBA")

public struct CVPixelBufferLockFlags: OptionSet, Sendable {
  public let rawValue: UInt64
  public init(rawValue: UInt64) { self.rawValue = rawValue }
  public static let readOnly = CVPixelBufferLockFlags(rawValue: 1)
}

/// Rows are longer than their pixels, and what lies between is no paper: whoever forgets it is seen.
public final class CVPixelBuffer {
  let width: Int
  let height: Int
  let format: OSType
  let rowBytes: Int
  let memory: UnsafeMutableRawPointer
  var locked = false

  init(width: Int, height: Int, format: String) {
    (self.width, self.height, self.format) = (width, height, code(format))
    rowBytes = width * (format == "L008" ? 1 : 4) + 13
    memory = .allocate(byteCount: rowBytes * height, alignment: 1)
    memory.initializeMemory(as: UInt8.self, repeating: 77, count: rowBytes * height)
  }

  deinit { memory.deallocate() }

  func rows(bytesPerPixel: Int) -> [[UInt8]] {
    (0..<height).map { row in
      let start = memory + row * rowBytes
      return [UInt8](UnsafeRawBufferPointer(start: start, count: width * bytesPerPixel))
    }
  }

  func write(red: UInt8, green: UInt8, blue: UInt8, x: Int, y: Int) {
    let bytes: [UInt8] =
      switch format {
      case kCVPixelFormatType_32ARGB: [255, red, green, blue]
      case kCVPixelFormatType_32RGBA: [red, green, blue, 255]
      default: [blue, green, red, 255]
      }
    (memory + y * rowBytes + x * 4).copyMemory(from: bytes, byteCount: 4)
  }
}

public func CVPixelBufferCreate(
  _ allocator: AnyObject?, _ width: Int, _ height: Int, _ format: OSType,
  _ attributes: AnyObject?, _ out: UnsafeMutablePointer<CVPixelBuffer?>
) -> CVReturn {
  precondition([kCVPixelFormatType_OneComponent8, kCVPixelFormatType_32BGRA].contains(format))
  let isGrey = format == kCVPixelFormatType_OneComponent8
  out.pointee = CVPixelBuffer(width: width, height: height, format: isGrey ? "L008" : "BGRA")
  return kCVReturnSuccess
}

public func CVPixelBufferLockBaseAddress(
  _ buffer: CVPixelBuffer, _ flags: CVPixelBufferLockFlags
) -> CVReturn {
  buffer.locked = true
  return kCVReturnSuccess
}

@discardableResult
public func CVPixelBufferUnlockBaseAddress(
  _ buffer: CVPixelBuffer, _ flags: CVPixelBufferLockFlags
) -> CVReturn {
  buffer.locked = false
  return kCVReturnSuccess
}

public func CVPixelBufferGetWidth(_ buffer: CVPixelBuffer) -> Int { buffer.width }
public func CVPixelBufferGetHeight(_ buffer: CVPixelBuffer) -> Int { buffer.height }
public func CVPixelBufferGetPixelFormatType(_ buffer: CVPixelBuffer) -> OSType { buffer.format }
public func CVPixelBufferGetBytesPerRow(_ buffer: CVPixelBuffer) -> Int { buffer.rowBytes }

/// nil unless it was locked, as Apple's documentation asks.
public func CVPixelBufferGetBaseAddress(_ buffer: CVPixelBuffer) -> UnsafeMutableRawPointer? {
  buffer.locked ? buffer.memory : nil
}

func code(_ letters: String) -> OSType {
  letters.utf8.reduce(0) { $0 << 8 | OSType($1) }
}
