import Foundation
import Testing

@testable import NurieKit

@Suite("Statistics") struct StatisticsTests {
  struct Cases: Decodable {
    struct Case: Decodable {
      let samples: [Double]
      let percentiles: [[Double]]
      let seed: UInt64
      let interval: [Double]
    }
    let cases: [Case]
  }

  @Test("percentiles are NumPy's to the last bit") func percentiles() throws {
    for item in try Goldens.load(Cases.self, "statistics").cases {
      for pair in item.percentiles {
        #expect(try Statistics.percentile(item.samples, pair[0]) == pair[1])
      }
    }
  }

  @Test("intervals are Python's from the same seed, to the last bit") func intervals() throws {
    for item in try Goldens.load(Cases.self, "statistics").cases {
      let interval = try Statistics.medianInterval(item.samples, seed: item.seed)
      #expect([interval.low, interval.high] == item.interval)
    }
  }

  @Test("draws are those of the published generator") func splitMix() {
    // First outputs from seed 1234567, as published with the reference implementation.
    var random = SplitMix64(seed: 1_234_567)
    let drawn = (0..<3).map { _ in random.next() }
    #expect(drawn == [6457827717110365317, 3203168211198807973, 9817491932198370423])
  }

  @Test("of nothing, or of what is no number, are refused") func empty() {
    #expect(sentence { _ = try Statistics.median([]) }.contains("received 0"))
    #expect(sentence { _ = try Statistics.percentile([1, .nan], 50) }.contains("finite"))
    #expect(sentence { _ = try Statistics.percentile([1], 101) }.contains("101"))
    #expect(sentence { _ = try Statistics.medianInterval([], seed: 0) }.contains("received 0"))
  }

  @Test("fit into one line") func summary() throws {
    let summary = try LatencySummary(samplesMS: [3, 1, 2])
    #expect(summary.medianMS == 2 && summary.interval.low >= 1 && summary.interval.high <= 3)
  }
}
