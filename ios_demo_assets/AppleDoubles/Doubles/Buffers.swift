import CoreFoundation
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

/// Gives a buffer again when nobody else holds it; how many it made stands in `Asked`.
public final class CVPixelBufferPool {
  private let width: Int
  private let height: Int
  private let format: String
  private var buffers: [CVPixelBuffer] = []

  init(width: Int, height: Int, format: String) {
    (self.width, self.height, self.format) = (width, height, format)
  }

  func next() -> CVPixelBuffer {
    for index in buffers.indices where isKnownUniquelyReferenced(&buffers[index]) {
      return buffers[index]
    }
    Asked.shared.note("buffer")
    let made = CVPixelBuffer(width: width, height: height, format: format)
    buffers.append(made)
    return made
  }
}

nonisolated(unsafe) public let kCVPixelBufferWidthKey = text("Width")
nonisolated(unsafe) public let kCVPixelBufferHeightKey = text("Height")
nonisolated(unsafe) public let kCVPixelBufferPixelFormatTypeKey = text("PixelFormatType")
nonisolated(unsafe) public let kCVPixelBufferIOSurfacePropertiesKey = text("IOSurfaceProperties")

/// Refuses what makes no IOSurfaces: Core ML would copy such buffers.
public func CVPixelBufferPoolCreate(
  _ allocator: CFAllocator?, _ poolAttributes: CFDictionary?, _ attributes: CFDictionary?,
  _ out: UnsafeMutablePointer<CVPixelBufferPool?>
) -> CVReturn {
  guard let attributes,
    CFDictionaryContainsKey(attributes, pointer(kCVPixelBufferIOSurfacePropertiesKey)),
    let width = number(kCVPixelBufferWidthKey, in: attributes),
    let height = number(kCVPixelBufferHeightKey, in: attributes),
    let format = number(kCVPixelBufferPixelFormatTypeKey, in: attributes)
  else { return -6680 }  // kCVReturnInvalidPixelBufferAttributes
  let letters = (0..<4).reversed().map { UInt8(truncatingIfNeeded: format >> (8 * $0)) }
  out.pointee = CVPixelBufferPool(
    width: width, height: height, format: String(decoding: letters, as: UTF8.self))
  return kCVReturnSuccess
}

public func CVPixelBufferPoolCreatePixelBuffer(
  _ allocator: CFAllocator?, _ pool: CVPixelBufferPool,
  _ out: UnsafeMutablePointer<CVPixelBuffer?>
) -> CVReturn {
  out.pointee = pool.next()
  return kCVReturnSuccess
}

private func text(_ text: String) -> CFString {
  CFStringCreateWithCString(nil, text, 0x0800_0100)  // kCFStringEncodingUTF8
}

private func pointer(_ key: CFString) -> UnsafeRawPointer {
  UnsafeRawPointer(Unmanaged.passUnretained(key).toOpaque())
}

private func number(_ key: CFString, in dictionary: CFDictionary) -> Int? {
  guard let value = CFDictionaryGetValue(dictionary, pointer(key)) else { return nil }
  var number: Int64 = 0
  let known = Unmanaged<CFNumber>.fromOpaque(value).takeUnretainedValue()
  return CFNumberGetValue(known, .sInt64Type, &number) ? Int(number) : nil
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
