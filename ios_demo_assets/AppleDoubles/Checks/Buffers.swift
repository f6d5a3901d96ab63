import AppleDoubles
import Foundation
import NurieCoreML
import NurieKit

/// What a prediction costs beside the model: buffers, copies, threads.
extension Checks {
  static var bufferClaims: [Claim] {
    [
      (
        "many predictions share the buffers of one",
        {
          let model = try await DoublePackage(7, 5, ["hints": true]).load()
          let drawing = try lineart(7, 5)
          let before = Asked.shared["buffer"]
          for _ in 0..<10 { _ = try await model.color(drawing) }
          // The line art, the colours and the mask of hints, and what is painted.
          return Asked.shared["buffer"] - before == 4
        }
      ),
      (
        "what was in a buffer before does not show",
        {
          let model = try await DoublePackage(7, 5, ["hints": true]).load()
          let drawing = try lineart(7, 5)
          let first = try await model.color(drawing)
          let black = try Picture(
            width: 7, height: 5, channels: .grey, bytes: [UInt8](repeating: 0, count: 35))
          _ = try await model.color(black)
          return try await model.color(drawing) == first
        }
      ),
      (
        "the model paints into a buffer of ours; one that takes none goes on without",
        {
          let drawing = try lineart(7, 5)
          let taking = try await DoublePackage(7, 5).load()
          let before = Asked.shared["painted into a given buffer"]
          _ = try await taking.color(drawing)
          let given = Asked.shared["painted into a given buffer"] - before
          let refusing = try await DoublePackage(7, 5, ["fault": "unbacked"]).load()
          let asked = Asked.shared["predict"]
          let colors = [try await refusing.color(drawing), try await refusing.color(drawing)]
          let expected = try painted(drawing)
          return given == 1 && colors == [expected, expected]
            && Asked.shared["predict"] - asked == 3
        }
      ),
      (
        "predictions block a queue of their own, no thread that tasks share",
        {
          let model = try await DoublePackage(7, 5).load()
          let (all, own) = (Asked.shared["predict"], Asked.shared["predict on org.nurie.coloring"])
          _ = try await model.color(try lineart(7, 5))
          _ = try await model.measure(try lineart(7, 5), count: 3)
          return Asked.shared["predict"] - all == 4
            && Asked.shared["predict on org.nurie.coloring"] - own == 4
        }
      ),
    ]
  }
}
