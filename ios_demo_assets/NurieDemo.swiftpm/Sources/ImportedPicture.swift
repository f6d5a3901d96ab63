import CoreGraphics
import Foundation
import NurieCoreML
import NurieKit
import UIKit

/// A picture of the photo library as line art to draw on.
struct ImportedPicture {
  // Larger than any canvas in points, so that line art is made by averaging, never by enlarging.
  private static let longestSide: CGFloat = 2048

  /// Grey: what a model is given.
  let lines: Picture
  /// The same as a layer to show above the colour.
  let ink: CGImage

  /// Decodes a file and turns it upright. Away from the main actor: it takes a while.
  nonisolated static func read(_ data: Data) async throws(ColoringError) -> ImportedPicture {
    guard let picture = upright(data) else {
      throw .picture("This picture cannot be read. Expected a photograph or a drawing.")
    }
    do {
      let lines = try PictureCoding.decode(picture).grey()
      let ink = try PictureCoding.image(try InkComposition.inkLayer(lines))
      return ImportedPicture(lines: lines, ink: ink)
    } catch {
      throw ColoringError(error)
    }
  }

  private static func upright(_ data: Data) -> CGImage? {
    guard let image = UIImage(data: data), max(image.size.width, image.size.height) > 0 else {
      return nil
    }
    let scale = longestSide / max(image.size.width, image.size.height)
    let size = CGSize(width: image.size.width * scale, height: image.size.height * scale)
    let format = UIGraphicsImageRendererFormat()
    format.scale = 1
    let drawn = UIGraphicsImageRenderer(size: size, format: format).image { _ in
      image.draw(in: CGRect(origin: .zero, size: size))
    }
    return drawn.cgImage
  }
}
