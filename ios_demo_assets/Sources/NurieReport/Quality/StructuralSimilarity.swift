import NurieKit

/// SSIM (Wang et al. 2004) as scikit-image computes it for 8-bit pictures.
///
/// Uniform 7 x 7 windows, sample covariance, K1 0.01, K2 0.03, the mean over all windows that lie
/// inside the picture, then over the channels.
enum StructuralSimilarity {
  static let window = 7

  static func mean(reference: Picture, candidate: Picture) throws(NurieError) -> Double {
    guard min(reference.width, reference.height) >= window else {
      throw .picture(
        "SSIM: expected pictures of \(window) pixels or more a side, received "
          + "\(reference.width) x \(reference.height). Measure larger drawings.")
    }
    let count = reference.channels.rawValue
    let means = (0..<count).map { channel in
      channelMean(
        stride(from: channel, to: reference.bytes.count, by: count).map {
          Int(reference.bytes[$0])
        },
        stride(from: channel, to: candidate.bytes.count, by: count).map {
          Int(candidate.bytes[$0])
        },
        width: reference.width)
    }
    return means.reduce(0, +) / Double(count)
  }

  private static func channelMean(_ x: [Int], _ y: [Int], width: Int) -> Double {
    let (sumX, sumY) = (windowSums(x, width: width), windowSums(y, width: width))
    let sumXX = windowSums(zip(x, x).map { $0 * $1 }, width: width)
    let sumYY = windowSums(zip(y, y).map { $0 * $1 }, width: width)
    let sumXY = windowSums(zip(x, y).map { $0 * $1 }, width: width)
    let pixels = Double(window * window)
    let unbiased = pixels / (pixels - 1)
    let peak = Double(UInt8.max)
    let (c1, c2) = (0.01 * peak * 0.01 * peak, 0.03 * peak * 0.03 * peak)
    var total = 0.0
    for i in sumX.indices {
      let (meanX, meanY) = (Double(sumX[i]) / pixels, Double(sumY[i]) / pixels)
      let varianceX = unbiased * (Double(sumXX[i]) / pixels - meanX * meanX)
      let varianceY = unbiased * (Double(sumYY[i]) / pixels - meanY * meanY)
      let covariance = unbiased * (Double(sumXY[i]) / pixels - meanX * meanY)
      total +=
        (2 * meanX * meanY + c1) * (2 * covariance + c2)
        / ((meanX * meanX + meanY * meanY + c1) * (varianceX + varianceY + c2))
    }
    return total / Double(sumX.count)
  }

  /// The sum of each window that lies inside the picture, row by row: exact, in whole numbers.
  private static func windowSums(_ values: [Int], width: Int) -> [Int] {
    let height = values.count / width
    let across = width - window + 1
    var rows = [Int](repeating: 0, count: height * across)
    for y in 0..<height {
      var sum = values[(y * width)..<(y * width + window)].reduce(0, +)
      rows[y * across] = sum
      for x in 1..<max(across, 1) {
        sum += values[y * width + x + window - 1] - values[y * width + x - 1]
        rows[y * across + x] = sum
      }
    }
    return (0..<(height - window + 1) * across).map { place in
      (0..<window).reduce(0) { $0 + rows[place + $1 * across] }
    }
  }
}
