import CoreFoundation
import Foundation
// Where CoreGraphics has them on Apple systems.
@_exported import struct Foundation.CGFloat
@_exported import struct Foundation.CGPoint
@_exported import struct Foundation.CGRect
@_exported import struct Foundation.CGSize

public enum CGColorSpaceModel: Sendable { case monochrome, rgb }

public final class CGColorSpace: Sendable {
  public static let sRGB = "sRGB"
  public let model: CGColorSpaceModel
  init(_ model: CGColorSpaceModel) { self.model = model }
  public convenience init?(name: String) { self.init(.rgb) }
}

public enum CGImageAlphaInfo: UInt32, Sendable {
  case none, premultipliedLast, last, noneSkipFirst, noneSkipLast
}

/// One byte a pixel where grey, else red, green, blue, and opacity where `alphaInfo` is `last`.
public final class CGImage: Sendable {
  public let width: Int
  public let height: Int
  public let colorSpace: CGColorSpace?
  public let bitsPerComponent = 8
  public let alphaInfo: CGImageAlphaInfo
  let bytes: [UInt8]

  init(
    width: Int, height: Int, model: CGColorSpaceModel, alphaInfo: CGImageAlphaInfo = .none,
    bytes: [UInt8]
  ) {
    (self.width, self.height, self.bytes) = (width, height, bytes)
    self.alphaInfo = alphaInfo
    colorSpace = CGColorSpace(model)
  }
}

/// Rows are longer than their pixels.
public final class CGContext {
  public let bytesPerRow: Int
  public let data: UnsafeMutableRawPointer?
  private let width: Int
  private let height: Int
  private let bytesPerPixel: Int

  public init?(
    data: UnsafeMutableRawPointer?, width: Int, height: Int, bitsPerComponent: Int,
    bytesPerRow: Int, space: CGColorSpace, bitmapInfo: UInt32
  ) {
    (self.width, self.height) = (width, height)
    bytesPerPixel = bitmapInfo == CGImageAlphaInfo.none.rawValue ? 1 : 4
    self.bytesPerRow = width * bytesPerPixel + 9
    self.data = .allocate(byteCount: self.bytesPerRow * height, alignment: 1)
    self.data?.initializeMemory(as: UInt8.self, repeating: 0, count: self.bytesPerRow * height)
  }

  deinit { data?.deallocate() }

  public func setFillColor(gray: CGFloat, alpha: CGFloat) {}
  public func fill(_ rect: CGRect) { set(to: 255) }
  public func clear(_ rect: CGRect) { set(to: 0) }

  private func set(to byte: UInt8) {
    data?.initializeMemory(as: UInt8.self, repeating: byte, count: bytesPerRow * height)
  }

  /// Over what is there; colours multiplied by opacity, as Core Graphics keeps them.
  public func draw(_ image: CGImage, in rect: CGRect) {
    let colors = image.colorSpace?.model == .monochrome ? 1 : 3
    let count = image.alphaInfo == .last ? 4 : colors
    for pixel in 0..<(width * height) {
      let place = pixel / width * bytesPerRow + pixel % width * bytesPerPixel
      let opacity = count == 4 ? Int(image.bytes[pixel * 4 + 3]) : 255
      func lay(_ level: Int, on offset: Int) {
        let below = data?.load(fromByteOffset: place + offset, as: UInt8.self) ?? 0
        let mixed = (level * opacity + Int(below) * (255 - opacity) + 127) / 255
        data?.storeBytes(of: UInt8(mixed), toByteOffset: place + offset, as: UInt8.self)
      }
      for channel in 0..<colors { lay(Int(image.bytes[pixel * count + channel]), on: channel) }
      if bytesPerPixel == 4 { lay(255, on: 3) }
    }
  }

  public func makeImage() -> CGImage? {
    let start = data.map { UnsafeRawPointer($0) }
    let colors = (0..<(width * height)).flatMap { pixel in
      (0..<3).map { channel in
        start?.load(
          fromByteOffset: pixel / width * bytesPerRow + pixel % width * 4 + channel, as: UInt8.self)
          ?? 0
      }
    }
    return CGImage(width: width, height: height, model: .rgb, bytes: colors)
  }
}

public final class CGImageSource {
  let bytes: [UInt8]
  init(_ bytes: [UInt8]) { self.bytes = bytes }
}

public func CGImageSourceCreateWithData(
  _ data: CFData, _ options: AnyObject?
) -> CGImageSource? {
  guard let start = CFDataGetBytePtr(data) else { return nil }
  return CGImageSource([UInt8](UnsafeBufferPointer(start: start, count: CFDataGetLength(data))))
}

/// Reads binary PGM and PPM: what stands in for PNG here, with three lines of text before the bytes;
/// and the same with opacity, which begins with PA.
public func CGImageSourceCreateImageAtIndex(
  _ source: CGImageSource, _ index: Int, _ options: AnyObject?
) -> CGImage? {
  let parts = source.bytes.split(separator: 10, maxSplits: 3, omittingEmptySubsequences: false)
  guard parts.count == 4 else { return nil }
  let size = String(decoding: parts[1], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
  let model: CGColorSpaceModel = parts[0].elementsEqual("P5".utf8) ? .monochrome : .rgb
  guard size.count == 2 else { return nil }
  return CGImage(
    width: size[0], height: size[1], model: model,
    alphaInfo: parts[0].elementsEqual("PA".utf8) ? .last : .none, bytes: [UInt8](parts[3]))
}
