import Foundation
import NurieKit
import NurieStudio

/// Portable maps of Netpbm, P5 and P6, where the app writes PNG: what any program reads. Only writes.
struct PortableMaps: PictureFiles {
  func png(_ picture: Picture) throws -> Data {
    let kind = picture.channels == .grey ? "P5" : "P6"
    return Data("\(kind)\n\(picture.width) \(picture.height)\n255\n".utf8)
      + Data(picture.onPaper().bytes)
  }

  func picture(_ file: Data) throws -> Picture {
    throw NurieError.picture("Expected a gallery without pictures: they are written, not read.")
  }
}
