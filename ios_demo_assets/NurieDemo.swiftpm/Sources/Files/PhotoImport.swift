import CoreFoundation
import CoreGraphics
import Foundation
import ImageIO
import NurieCoreML
import NurieKit
import NurieStudio

/// A photographed drawing as an artwork to colour.
enum PhotoImport {
  /// Decodes a file at the size of a canvas, turns it upright and cleans it.
  ///
  /// A photograph of 48 megapixels is never held whole: the system decodes it smaller. Away from the
  /// main actor: it takes a while.
  nonisolated static func artwork(from file: Data) async throws -> Artwork {
    let bytes = [UInt8](file)
    guard let data = CFDataCreate(nil, bytes, bytes.count),
      let source = CGImageSourceCreateWithData(data, nil)
    else {
      throw ColoringError.picture("This file is no picture that the system reads.")
    }
    let photograph = try thumbnail(of: source, longerSide: CanvasSize.photographSide)
    return try Artwork(tracing: try Cleaned(try PictureCoding.decode(photograph)).lineart)
  }

  private static func thumbnail(
    of source: CGImageSource, longerSide: Int
  ) throws -> CGImage {
    var side = Int32(longerSide)
    guard let options = CFDictionaryCreateMutable(nil, 3, nil, nil),
      let number = CFNumberCreate(nil, .sInt32Type, &side), let yes = kCFBooleanTrue
    else {
      throw ColoringError.picture("The system refused memory for a picture.")
    }
    func set(_ key: CFString, _ value: AnyObject) {
      CFDictionarySetValue(
        options, Unmanaged.passUnretained(key).toOpaque(),
        Unmanaged.passUnretained(value).toOpaque())
    }
    set(kCGImageSourceCreateThumbnailFromImageAlways, yes)
    set(kCGImageSourceCreateThumbnailWithTransform, yes)
    set(kCGImageSourceThumbnailMaxPixelSize, number)
    // The options hold nothing by themselves: their values live until the picture is made.
    let image = withExtendedLifetime((number, yes)) {
      CGImageSourceCreateThumbnailAtIndex(source, 0, options)
    }
    guard let image else {
      throw ColoringError.picture("This picture cannot be decoded. Choose another one.")
    }
    return image
  }
}
