import Foundation
import NurieKit

/// The steps from a drawing to its finished picture, and how long each took.
struct Timing {
  /// The size of a small model's working picture, and of its lines.
  private static let working = 64, learned = 1.5...2.0

  /// Milliseconds by step, in their order.
  private(set) var steps: [(name: String, ms: Double)] = []
  private(set) var regions = 0
  /// Milliseconds of all processors together, in this run.
  private(set) var processorMS = 0.0

  /// All steps together.
  var totalMS: Double { steps.reduce(0) { $0 + $1.ms } }

  /// Colours a drawing once. What a model would paint is made up, and takes no part.
  static func measured(_ drawing: Picture, with finisher: Finisher) async throws -> Timing {
    var timing = Timing()
    let (clock, before) = (ContinuousClock(), Resources.processorMS)
    var began = clock.now
    func step(_ name: String) {
      let took = (clock.now - began).components
      timing.steps.append((name, Double(took.seconds) * 1e3 + Double(took.attoseconds) / 1e15))
      began = clock.now
    }
    let lineart = try Cleaned(drawing).lineart
    step("clean")
    let fitted = try await finisher.fit(
      lineart, width: working, height: working, learned: learned)
    step("fit")
    let painted = try Painted(try layer(), of: fitted)
    began = clock.now
    let map = try await finisher.regions(of: lineart)
    step("regions")
    let flats = try FlatColors(map, painted: painted, lineart: lineart).picture()
    step("colours")
    let picture = try InkComposition.underInk(flats, lineart: lineart)
    step("compose")
    timing.processorMS = Resources.processorMS - before
    timing.regions = map.count
    precondition(picture.width == drawing.width)
    return timing
  }

  /// Patches of colours, as a model might paint them.
  private static func layer() throws -> Picture {
    let patch = 11
    let bytes = (0..<(working * working)).flatMap { pixel in
      let number = pixel / working / patch * 17 + pixel % working / patch
      return (1...3).map { UInt8(truncatingIfNeeded: number * 53 * $0 + 40) }
    }
    return try Picture(width: working, height: working, channels: .rgb, bytes: bytes)
  }
}
