import Testing

@testable import NurieKit
@testable import NurieReport

@Suite("Golden parity") struct ParityTests {
  let paper: Picture
  let off: Picture

  init() throws {
    paper = try .paper(width: 8, height: 7, channels: .rgb)
    // 2 levels everywhere: 42.11 dB.
    off = try Picture(
      width: 8, height: 7, channels: .rgb, bytes: [UInt8](repeating: 253, count: 168))
  }

  @Test("holds the worst drawing to the gate") func worst() throws {
    var parity = GoldenParity()
    try parity.add("cat", reference: paper, painted: paper)
    try parity.add("fish", reference: paper, painted: off)
    #expect(
      parity.verdict(gatePSNRDB: 42)
        == ParityVerdict(passed: true, sentence: "pass: 42.1 dB at worst (fish), gate 42.0 dB"))
    #expect(!parity.verdict(gatePSNRDB: 45).passed)
    #expect(parity.verdict(gatePSNRDB: 45).sentence.hasPrefix("FAIL: 42.1 dB"))
  }

  @Test("fails for values that are no numbers, whatever the gate") func broken() {
    var parity = GoldenParity()
    parity.addBroken("cat", nonfinite: 3)
    #expect(!parity.verdict(gatePSNRDB: 0).passed)
    #expect(parity.verdict(gatePSNRDB: 0).sentence.contains("3 values"))
  }

  @Test("of identical pictures passes any gate") func identical() throws {
    var parity = GoldenParity()
    try parity.add("cat", reference: paper, painted: paper)
    #expect(
      parity.verdict(gatePSNRDB: 60)
        == ParityVerdict(
          passed: true, sentence: "pass: identical at worst (cat), gate 60.0 dB"))
  }

  @Test("of nothing fails") func empty() {
    #expect(!GoldenParity().verdict(gatePSNRDB: 0).passed)
  }
}
