import Foundation
import NurieKit

/// Why a command line or a file was refused.
struct Refusal: Error {
  let sentence: String
}

/// Times the way from a drawing to its finished picture, the model apart, step by step.
///
/// Exit status 0 done, 1 measured and too slow or too large, 2 refused.
@main
struct NurieFinishingBench {
  private static let usage = """
    nurie-finishing-bench [--repeats COUNT] [DRAWING.pgm ...]

    Time clean, fit, regions, colours and compose. Without a drawing: a sheet of figures at 2732 x
    2048, the sheet of a large iPad, which must take less than 0.4 s and 150 MB, and at 8192 x 6144.
    """
  private static let mostMS = 400.0, mostMB = 150.0
  private static let sizes = [(2732, 2048), (8192, 6144)]

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
    var files: [String] = []
    var repeats = 5
    var left = words[...]
    while let word = left.popFirst() {
      if word == "--repeats", let count = left.popFirst().flatMap(Int.init), count > 0 {
        repeats = count
      } else if word.hasPrefix("-") {
        throw Refusal(sentence: usage)
      } else {
        files.append(word)
      }
    }
    var isFine = true
    if files.isEmpty {
      for (number, (width, height)) in sizes.enumerated() {
        let sheet = try Sheet.figures(width: width, height: height)
        let (ms, mb) = try await report(sheet, repeats: repeats)
        if number == 0 { isFine = ms < mostMS && mb < mostMB }
      }
    }
    for file in files { _ = try await report(try Sheet.file(file), repeats: repeats) }
    return isFine
  }

  /// Prints the fastest of some runs. Returns its milliseconds, and the memory that all runs took
  /// beside the drawing.
  private static func report(
    _ drawing: Picture, repeats: Int
  ) async throws -> (ms: Double, mb: Double) {
    let (before, began) = (peakMB(), processorMS())
    let finisher = Finisher()
    var runs: [Timing] = []
    for _ in 0..<repeats { runs.append(try await Timing.measured(drawing, with: finisher)) }
    let more = peakMB() - before
    let processor = (processorMS() - began) / Double(repeats)
    guard let fastest = runs.min(by: { $0.totalMS < $1.totalMS }) else { return (0, 0) }
    let megapixels = Double(drawing.width * drawing.height) / 1e6
    print(
      "\(drawing.width) x \(drawing.height), \(fastest.regions) regions: "
        + fastest.steps.map { "\($0.name) \(rounded($0.ms))" }.joined(separator: ", ")
        + ", all \(rounded(fastest.totalMS)) ms, \(rounded(fastest.totalMS / megapixels)) ms a "
        + "megapixel; \(rounded(processor)) ms of processors a run; \(rounded(more)) MB more")
    return (fastest.totalMS, more)
  }

  /// The most memory that this process has had so far.
  private static func peakMB() -> Double {
    #if canImport(Darwin)
      Double(resources().ru_maxrss) / 1e6  // bytes
    #else
      Double(resources().ru_maxrss) / 1e3  // kilobytes
    #endif
  }

  /// The time of all processors that this process took so far: what counts where others work, too.
  private static func processorMS() -> Double {
    let used = resources()
    let seconds = Double(used.ru_utime.tv_sec) + Double(used.ru_stime.tv_sec)
    let microseconds = Double(used.ru_utime.tv_usec) + Double(used.ru_stime.tv_usec)
    return seconds * 1e3 + microseconds / 1e3
  }

  private static func resources() -> rusage {
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(RUSAGE_SELF, &usage)
    #else
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #endif
    return usage
  }

  private static func rounded(_ number: Double) -> String {
    number < 10 ? String((number * 10).rounded() / 10) : String(Int(number.rounded()))
  }
}
