import Foundation
import NurieKit
import Testing

@testable import NurieStudio

@Suite("Files for others") struct ExportTests {
  /// A drawing with a grey line, on colours that differ everywhere.
  private func drawing() throws -> (lineart: Picture, colors: Picture) {
    let lineart = try Picture(
      width: 5, height: 3, channels: .grey, bytes: (0..<15).map { UInt8($0 * 17) })
    let colors = try Picture(
      width: 5, height: 3, channels: .rgb, bytes: (0..<45).map { UInt8(250 - $0 * 5) })
    return (lineart, colors)
  }

  @Test("are the picture under its ink, the ink on nothing, and the colours") func pictures() throws
  {
    let (lineart, colors) = try drawing()
    func file(_ export: Export) throws -> Picture {
      try RawFiles().picture(
        try export.data(lineart: lineart, colors: colors, files: RawFiles()))
    }
    #expect(try file(.colors) == colors)
    let ink = try file(.ink)
    #expect(ink.channels == .rgba && ink[4, 1, 3] == 255 - 153 && ink[4, 1, 0] == 0)
    #expect(try file(.picture)[4, 1, 0] == UInt8((Int(colors[4, 1, 0]) * 153 + 127) / 255))
    let plain = try Export.colors.data(lineart: lineart, colors: nil, files: RawFiles())
    #expect(try RawFiles().picture(plain).bytes.allSatisfy { $0 == 255 })
  }

  @Test("OpenRaster has its type first, and each layer") func openRaster() throws {
    let (lineart, colors) = try drawing()
    let data = try Export.layers.data(lineart: lineart, colors: colors, files: RawFiles())
    // Where a reader looks for it: `mimetype`, stored, 38 bytes into the file.
    #expect(String(decoding: data[30..<54], as: UTF8.self) == "mimetypeimage/openraster")
    let names = [
      "mimetype", "stack.xml", "data/layer0.png", "data/layer1.png", "Thumbnails/thumbnail.png",
      "mergedimage.png",
    ]
    for name in names { #expect(data.range(of: Data(name.utf8)) != nil) }
    // For Python, which reads it with a library that we did not write.
    if let path = ProcessInfo.processInfo.environment["NURIE_LAYERS_OUT"] {
      try data.write(to: URL(fileURLWithPath: path))
    }
  }

  @Test("a checksum is the one of the standard") func checksum() {
    #expect(ZipWriter.checksum(Data("123456789".utf8)) == 0xCBF4_3926)
  }

  @Test("a canvas is as large as the window, within what is coloured in a moment") func sizes() {
    #expect(CanvasSize.pixels(width: 400, height: 300) == (800, 600))
    let large = CanvasSize.pixels(width: 1366, height: 1024)
    #expect(large.width * large.height <= 5_600_000 && large.width > 2700)
    let strip = CanvasSize.pixels(width: 100_000, height: 1)
    #expect(strip == (200_000, 2))
  }
}
