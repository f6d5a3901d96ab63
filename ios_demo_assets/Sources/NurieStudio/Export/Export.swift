import Foundation
import NurieKit

/// A finished drawing as a file for others.
public enum Export: String, CaseIterable, Identifiable, Sendable {
  /// The picture as it looks.
  case picture
  /// The lines alone, on nothing.
  case ink
  /// The colours alone.
  case colors
  /// Both in layers, OpenRaster: for Krita, GIMP, Procreate by way of these, and others.
  case layers

  /// The case itself.
  public var id: Export { self }

  /// Ending of the file's name.
  public var fileExtension: String { self == .layers ? "ora" : "png" }

  /// The file.
  ///
  /// lineart: grey. colors: RGB, of the same size; nil: white paper. Throws for anything else.
  public func data(
    lineart: Picture, colors: Picture?, files: any PictureFiles
  ) throws -> Data {
    let colors =
      try colors ?? .paper(width: lineart.width, height: lineart.height, channels: .rgb)
    switch self {
    case .picture:
      return try files.png(try InkComposition.underInk(colors, lineart: lineart))
    case .ink:
      return try files.png(try InkComposition.inkLayer(lineart))
    case .colors:
      return try files.png(colors)
    case .layers:
      return try OpenRaster.data(lineart: lineart, colors: colors, files: files)
    }
  }
}
