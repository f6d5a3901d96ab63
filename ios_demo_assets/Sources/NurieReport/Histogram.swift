import Foundation
import NurieKit

/// Times of predictions counted by the second: a minute of them is 60,000 samples, and shows as
/// well how a device slows down when it has bins of a fiftieth. As benchmarks/devices/histogram.py.
public struct ReportHistogram: Codable, Equatable, Sendable {
  /// How much longer the times of a bin are than those of the one before.
  package static let usualRatio = 1.02
  // Hours of predictions; more are no measurement.
  static let mostTimes = 10_000_000

  /// Where bin 0 begins.
  public let leastMS: Double
  /// Bin n holds the times from leastMS x ratio^n up to the next.
  public let ratio: Double
  /// For each second of predictions, pairs of a bin and how many predictions ended in it.
  public let seconds: [[[Int]]]

  enum CodingKeys: String, CodingKey {
    case leastMS = "least_ms"
    case ratio, seconds
  }

  /// Takes the values as they are; `DeviceReport.faults` finds what is wrong with them.
  package init(leastMS: Double, ratio: Double, seconds: [[[Int]]]) {
    self.leastMS = leastMS
    self.ratio = ratio
    self.seconds = seconds
  }

  /// Counts times in their order, each in the second of predictions in which it ended. Throws for
  /// none, and for one that is not above 0.
  package init(_ timesMS: [Double]) throws(NurieError) {
    guard let least = timesMS.min(), least > 0, timesMS.allSatisfy(\.isFinite) else {
      throw .statistics(
        "Expected one time or more, each above 0, received \(timesMS.count) times.")
    }
    var counts: [[Int: Int]] = []
    var total = 0.0
    for time in timesMS {
      total += time
      let second = Int(total / 1000)
      while counts.count <= second { counts.append([:]) }
      let bin = Int(log(time / least) / log(Self.usualRatio))
      counts[second][bin, default: 0] += 1
    }
    self.init(
      leastMS: least, ratio: Self.usualRatio,
      seconds: counts.map { second in second.sorted { $0.key < $1.key }.map { [$0.key, $0.value] } }
    )
  }

  /// How many times it counts.
  public var count: Int {
    seconds.joined().reduce(0) { sum, pair in
      let (counted, isTooMany) = sum.addingReportingOverflow(pair.last ?? 0)
      return isTooMany ? .max : counted
    }
  }

  /// The geometric middle of its bin for every prediction, second after second.
  ///
  /// Precondition: `isPossible`.
  public var timesMS: [Double] {
    seconds.joined().flatMap { pair in
      repeatElement(leastMS * pow(ratio, Double(pair[0]) + 0.5), count: pair[1])
    }
  }

  /// Whether it can be of predictions at all, and fits into memory.
  var isPossible: Bool {
    leastMS > 0 && leastMS.isFinite && ratio > 1 && ratio <= 1.1
      && seconds.joined().allSatisfy { $0.count == 2 && $0[0] >= 0 && $0[1] > 0 }
      && (1...Self.mostTimes).contains(count) && timesEnd.isFinite
  }

  private var timesEnd: Double {
    leastMS * pow(ratio, Double(seconds.joined().compactMap(\.first).max() ?? 0) + 1)
  }
}
