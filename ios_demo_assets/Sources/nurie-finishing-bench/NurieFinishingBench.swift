import Foundation
import NurieKit

/// Why a command line or a file was refused.
struct Refusal: Error {
  let sentence: String
}

/// Times the way from a drawing to its finished picture, the model apart, step by step.
///
/// One drawing a process, so that its memory is the most that the process has had since it began,
/// the drawing included. Exit status 0 done, 1 measured and too slow or too large, 2 refused.
@main
struct NurieFinishingBench {
  private static let usage = """
    nurie-finishing-bench [--repeats COUNT] [--size WIDTHxHEIGHT | DRAWING.pgm]

    Time clean, fit, regions, colours and compose, and say what the run in the middle took. Without
    a drawing: a sheet of figures. Without its size either: 2732 x 2048 pixels, the sheet of a large
    iPad, which must take less than 0.4 s and 150 MB, the sheet itself included.
    """
  private static let mostMS = 400.0, mostMB = 150.0
  private static let usual = (width: 2732, height: 2048)

  static func main() async {
    do {
      exit(try await run(Array(CommandLine.arguments.dropFirst())) ? 0 : 1)
    } catch {
      let sentence = (error as? Refusal)?.sentence ?? error.localizedDescription
      FileHandle.standardError.write(Data("error: \(sentence)\n".utf8))
      exit(2)
    }
  }

  private static func run(_ words: [String]) async throws -> Bool {
    let before = Resources.peakMB  // the program: nothing was done yet
    var (file, size): (String?, (width: Int, height: Int)?) = (nil, nil)
    var repeats = 5
    var left = words[...]
    while let word = left.popFirst() {
      if word == "--repeats", let count = left.popFirst().flatMap(Int.init), count > 0 {
        repeats = count
      } else if word == "--size", size == nil, let sides = left.popFirst().flatMap(sides(of:)) {
        size = sides
      } else if word.hasPrefix("-") || file != nil {
        throw Refusal(sentence: usage)
      } else {
        file = word
      }
    }
    if let file {
      guard size == nil else { throw Refusal(sentence: usage) }
      _ = try await report(try GreyMap.read(file), repeats: repeats, before: before)
      return true
    }
    let (width, height) = size ?? usual
    let (ms, mb) = try await report(
      try Sheet.figures(width: width, height: height), repeats: repeats, before: before)
    return size != nil || (ms < mostMS && mb < mostMB)
  }

  private static func sides(of word: String) -> (width: Int, height: Int)? {
    let sides = word.split(separator: "x").compactMap { Int($0) }
    guard sides.count == 2, sides.allSatisfy({ (1...65_536).contains($0) }) else { return nil }
    return (sides[0], sides[1])
  }

  /// Prints what the run in the middle took, by its time, and the memory of all.
  ///
  /// before: MB that the process had without a drawing.
  private static func report(
    _ drawing: Picture, repeats: Int, before: Double
  ) async throws -> (ms: Double, mb: Double) {
    let finisher = Finisher()
    var runs: [Timing] = []
    for _ in 0..<repeats { runs.append(try await Timing.measured(drawing, with: finisher)) }
    let median = runs.sorted { $0.totalMS < $1.totalMS }[repeats / 2]
    let mb = Resources.peakMB - before
    let megapixels = Double(drawing.width * drawing.height) / 1e6
    print(
      "\(drawing.width) x \(drawing.height), \(median.regions) regions: "
        + median.steps.map { "\($0.name) \(rounded($0.ms))" }.joined(separator: ", ")
        + ", all \(rounded(median.totalMS)) ms, \(rounded(median.totalMS / megapixels)) ms a "
        + "megapixel; \(rounded(median.processorMS)) ms of processors; \(rounded(mb)) MB at most")
    return (median.totalMS, mb)
  }

  private static func rounded(_ number: Double) -> String {
    number < 10 ? String((number * 10).rounded() / 10) : String(Int(number.rounded()))
  }
}
