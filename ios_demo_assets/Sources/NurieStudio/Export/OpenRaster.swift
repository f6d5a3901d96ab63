import Foundation
import NurieKit

/// A drawing in layers as OpenRaster, as `training/picture/openraster.py` writes it.
///
/// The baseline of the specification (https://www.openraster.org/baseline/): a ZIP whose first
/// entry, stored, is `mimetype`.
enum OpenRaster {
  /// The file: ink above flats.
  static func data(
    lineart: Picture, colors: Picture, files: any PictureFiles
  ) throws -> Data {
    let merged = try InkComposition.underInk(colors, lineart: lineart)
    var zip = ZipWriter()
    zip.add("mimetype", Data("image/openraster".utf8))
    zip.add("stack.xml", stack(width: lineart.width, height: lineart.height))
    zip.add("data/layer0.png", try files.png(try InkComposition.inkLayer(lineart)))
    zip.add("data/layer1.png", try files.png(colors))
    zip.add("Thumbnails/thumbnail.png", try files.png(try thumbnail(merged)))
    zip.add("mergedimage.png", try files.png(merged))
    return zip.finished()
  }

  private static func stack(width: Int, height: Int) -> Data {
    let layers = ["ink", "flats"].enumerated().map { number, name in
      "<layer name=\"\(name)\" src=\"data/layer\(number).png\" x=\"0\" y=\"0\" opacity=\"1.0\" "
        + "visibility=\"visible\" composite-op=\"svg:src-over\" />"
    }
    return Data(
      ("<?xml version='1.0' encoding='UTF-8'?>\n"
        + "<image version=\"0.0.3\" w=\"\(width)\" h=\"\(height)\"><stack>\(layers.joined())"
        + "</stack></image>").utf8)
  }

  /// At most 256 pixels a side, as the specification has it.
  private static func thumbnail(_ merged: Picture) throws(NurieError) -> Picture {
    let longer = max(merged.width, merged.height)
    guard longer > 256 else { return merged }
    return try merged.averaged(
      width: max(1, merged.width * 256 / longer), height: max(1, merged.height * 256 / longer))
  }
}
