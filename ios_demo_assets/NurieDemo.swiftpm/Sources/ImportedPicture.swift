import UIKit

/// Pictures of the photo library, turned as they were taken.
enum ImportedPicture {
  // Larger than any canvas in points, so that line art is made by averaging, never by enlarging.
  private static let longestSide: CGFloat = 2048

  /// Decodes a file and turns it upright; nil if the system cannot read it.
  static func upright(_ data: Data) -> CGImage? {
    guard let image = UIImage(data: data) else { return nil }
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
