import Foundation

/// The command: exit status 0 done, 1 measured and failed, 2 refused, as all commands of Nurie.
@main
struct NurieBench {
  static func main() async {
    let words = Array(CommandLine.arguments.dropFirst())
    if words.contains("--help") || words.contains("-h") {
      print(Arguments.usage)
      return
    }
    do {
      let arguments = try Arguments(words)
      #if canImport(CoreML)
        exit(try await Benchmark(arguments).run() ? 0 : 1)
      #else
        throw Arguments.Refusal(
          sentence: "\(arguments.bundle) cannot be measured here: nurie-bench needs Core ML, which "
            + "runs on Apple systems only. On this machine, python -m benchmarks.latency measures "
            + "the other formats.")
      #endif
    } catch {
      FileHandle.standardError.write(Data("error: \(sentence(of: error))\n".utf8))
      exit(2)
    }
  }

  private static func sentence(of error: any Error) -> String {
    (error as? Arguments.Refusal)?.sentence ?? error.localizedDescription
  }
}
