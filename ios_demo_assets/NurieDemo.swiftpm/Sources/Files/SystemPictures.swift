import CoreFoundation
import CoreGraphics
import Foundation
import ImageIO
import NurieCoreML
import NurieKit
import NurieStudio

/// Picture files by ImageIO.
struct SystemPictures: PictureFiles {
  func png(_ picture: Picture) throws -> Data {
    let image = try PictureCoding.image(picture)
    guard let data = CFDataCreateMutable(nil, 0),
      let type = CFStringCreateWithCString(
        nil, "public.png", CFStringBuiltInEncodings.UTF8.rawValue),
      let file = CGImageDestinationCreateWithData(data, type, 1, nil)
    else {
      throw ColoringError.picture("This system writes no PNG.")
    }
    CGImageDestinationAddImage(file, image, nil)
    guard CGImageDestinationFinalize(file), let start = CFDataGetBytePtr(data) else {
      throw ColoringError.picture(
        "The system could not write a picture of \(picture.width) x \(picture.height) pixels.")
    }
    return Data(bytes: start, count: CFDataGetLength(data))
  }

  func picture(_ file: Data) throws -> Picture { try PictureCoding.decodeExactly(file) }
}
