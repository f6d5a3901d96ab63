import Foundation
import Testing

@testable import NurieKit
@testable import NurieReport

@Suite("Percentiles") struct StatisticsTests {
  struct Cases: Decodable {
    struct Case: Decodable {
      let samples: [Double]
      let percentiles: [[Double]]
    }
    let cases: [Case]
  }

  @Test("are NumPy's to the last bit") func percentiles() throws {
    for item in try Goldens.load(Cases.self, "statistics").cases {
      for pair in item.percentiles {
        #expect(try Statistics.percentile(item.samples, pair[0]) == pair[1])
      }
    }
  }

  @Test("of nothing, or of what is no number, are refused") func empty() {
    #expect(sentence { _ = try Statistics.percentile([], 50) }.contains("received 0"))
    #expect(sentence { _ = try Statistics.percentile([1, .nan], 50) }.contains("finite"))
    #expect(sentence { _ = try Statistics.percentile([1], 101) }.contains("101"))
  }
}
