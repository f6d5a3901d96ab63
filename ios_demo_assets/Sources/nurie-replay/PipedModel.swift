import Foundation
import NurieKit
import NurieStudio

/// A model at the other end of a pipe.
struct PipedModel: Colorist {
  let width: Int, height: Int
  let linesPX: ClosedRange<Double>
  let takesHints = true

  func paint(_ lineart: Picture, hints: Hints?) async throws -> Picture {
    let hints = try hints ?? .none(width: width, height: height)
    FileHandle.standardOutput.write(Data(lineart.bytes + hints.picture.bytes))
    let wanted = width * height * 3
    var layer = Data()
    while layer.count < wanted {
      guard let more = try FileHandle.standardInput.read(upToCount: wanted - layer.count),
        !more.isEmpty
      else {
        throw NurieError.picture(
          "Expected a layer of \(wanted) bytes on standard input, received \(layer.count).")
      }
      layer += more
    }
    return try Picture(width: width, height: height, channels: .rgb, bytes: [UInt8](layer))
  }
}
