import Testing

@testable import nurie_bench

@Suite("nurie-bench") struct ArgumentsTests {
  @Test("needs no more than a bundle") func defaults() throws {
    let arguments = try Arguments(["models/demo"])
    #expect(arguments.bundle == "models/demo" && arguments.units.isEmpty)
    #expect(arguments.sustainedSeconds == 60 && arguments.idleGaps == 30)
    #expect(arguments.coolDownSeconds == 300 && !arguments.overwrite)
  }

  @Test("takes every option in any order") func options() throws {
    let arguments = try Arguments([
      "--units", "all,cpuOnly", "b", "--sustained", "0", "--model", "m", "--output", "o",
      "--overwrite", "--idle", "3", "--cool-down", "1.5",
    ])
    #expect(arguments.bundle == "b" && arguments.units == ["all", "cpuOnly"])
    #expect(arguments.model == "m" && arguments.output == "o" && arguments.overwrite)
  }

  @Test(
    "refuses what it does not understand",
    arguments: [
      ([], "folder of a bundle"), (["b", "c"], "Unknown argument c"),
      (["b", "--unit", "all"], "Unknown argument --unit"),
      (["b", "--sustained", "soon"], "received soon"), (["b", "--model"], "expected a value"),
      (["b", "--model", "--overwrite"], "expected a value"),
      (["b", "--units", "all,all"], "each once, received \"all,all\""),
      (["b", "--units", ""], "each once, received \"\""),
      (["b", "--sustained", "-1"], "received -1"), (["b", "--idle", "1.5"], "received 1.5"),
      (["b", "--cool-down", "-1"], "--cool-down: expected seconds, 0 or more, received -1"),
    ] as [([String], String)]) func refused(_ words: [String], _ expected: String)
  {
    do {
      let arguments = try Arguments(words)
      Issue.record("accepted \(arguments)")
    } catch {
      #expect(error.sentence.contains(expected))
    }
  }
}
