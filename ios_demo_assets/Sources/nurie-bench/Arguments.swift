/// What nurie-bench is told on the command line.
struct Arguments: Equatable {
  static let usage = """
    nurie-bench BUNDLE [--model NAME] [--units UNIT,...] [--idle COUNT] [--sustained SECONDS]
                [--cool-down SECONDS] [--output FILE] [--overwrite]

    Measure a model of a bundle that benchmarks.ios_bundle wrote, and write a device report.
      --model      folder name of the model; default: the bundle's first
      --units      all, cpuOnly, cpuAndGPU, cpuAndNeuralEngine; default: each of them
      --idle       predictions a second apart, after the burst; default: 30; 0 leaves them out
      --sustained  seconds of predictions without a pause, at last; default: 60; 0 leaves it out
      --cool-down  seconds to wait at most for a cool machine before each unit; default: 300
      --output     default: BUNDLE's model with .report.json added, in the current folder
      --overwrite  replace an existing report
    """

  /// Why a command line was refused.
  struct Refusal: Error, Equatable {
    let sentence: String
  }

  var bundle = ""
  var model: String?
  var units: [String] = []
  var idleGaps = 30
  var sustainedSeconds = 60.0
  var coolDownSeconds = 300.0
  var output: String?
  var overwrite = false

  /// Reads the words after the command's name.
  init(_ words: [String]) throws(Refusal) {
    var left = words[...]
    while let word = left.popFirst() {
      switch word {
      case "--overwrite": overwrite = true
      case "--model": model = try Self.value(of: word, from: &left)
      case "--output": output = try Self.value(of: word, from: &left)
      case "--units":
        units = try Self.names(of: word, in: try Self.value(of: word, from: &left))
      case "--idle":
        let text = try Self.value(of: word, from: &left)
        guard let count = Int(text), count >= 0 else {
          throw Refusal(sentence: "--idle: expected a number, 0 or more, received \(text).")
        }
        idleGaps = count
      case "--sustained": sustainedSeconds = try Self.seconds(of: word, from: &left)
      case "--cool-down": coolDownSeconds = try Self.seconds(of: word, from: &left)
      case let path where !path.hasPrefix("-") && bundle.isEmpty: bundle = path
      default:
        throw Refusal(sentence: "Unknown argument \(word). Usage:\n\(Self.usage)")
      }
    }
    guard !bundle.isEmpty else {
      throw Refusal(sentence: "Expected the folder of a bundle. Usage:\n\(Self.usage)")
    }
  }

  /// Names with commas between them, each once: a report holds each setting once.
  private static func names(
    of option: String, in text: String
  ) throws(Refusal) -> [String] {
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard !names.contains(""), Set(names).count == names.count else {
      throw Refusal(
        sentence: "\(option): expected names with commas between them, each once, received "
          + "\"\(text)\".")
    }
    return names
  }

  private static func seconds(
    of option: String, from left: inout ArraySlice<String>
  ) throws(Refusal) -> Double {
    let text = try value(of: option, from: &left)
    guard let seconds = Double(text), seconds >= 0, seconds.isFinite else {
      throw Refusal(sentence: "\(option): expected seconds, 0 or more, received \(text).")
    }
    return seconds
  }

  private static func value(
    of option: String, from left: inout ArraySlice<String>
  ) throws(Refusal) -> String {
    guard let value = left.popFirst(), !value.hasPrefix("--") else {
      throw Refusal(sentence: "\(option): expected a value after it.")
    }
    return value
  }
}
