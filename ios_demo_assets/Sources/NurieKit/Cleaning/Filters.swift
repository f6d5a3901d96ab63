import Foundation

/// Filters of small planes, each channel by itself, as OpenCV's of the same name.
enum Filters {
  /// The median of a square, the edge repeated. side: odd. Huang et al. 1979.
  static func median(of plane: Plane<UInt8>, side: Int) -> Plane<UInt8> {
    var result = plane
    let (width, height, channels, reach) = (plane.width, plane.height, plane.channels, side / 2)
    let rank = side * side / 2
    let bands = Bands(rows: height, numbersPerRow: plane.stride * side)
    plane.values.withUnsafeBufferPointer { source in
      result.values.withUnsafeMutableBufferPointer { target in
        bands.forEach { _, rows in
          var counts = [Int32](repeating: 0, count: 256)
          for y in rows {
            for channel in 0..<channels {
              var (median, below) = (0, 0)  // below: how many are less than the median
              counts.withUnsafeMutableBufferPointer { counts in
                counts.update(repeating: 0)
                func count(column: Int, by step: Int32) {
                  let x = min(max(column, 0), width - 1)
                  for down in (y - reach)...(y + reach) {
                    let row = min(max(down, 0), height - 1)
                    let level = Int(source[(row * width + x) * channels + channel])
                    counts[level] += step
                    if level < median { below += Int(step) }
                  }
                }
                for column in -reach...reach { count(column: column, by: 1) }
                for x in 0..<width {
                  while below > rank {
                    median -= 1
                    below -= Int(counts[median])
                  }
                  while below + Int(counts[median]) <= rank {
                    below += Int(counts[median])
                    median += 1
                  }
                  target[(y * width + x) * channels + channel] = UInt8(median)
                  count(column: x - reach, by: -1)
                  count(column: x + reach + 1, by: 1)
                }
              }
            }
          }
        }
      }
    }
    return result
  }

  /// The darkest or lightest of a square; beyond the edge there is nothing. side: odd.
  static func extreme(of plane: Plane<UInt8>, side: Int, darkest: Bool) -> Plane<UInt8> {
    let (channels, stride) = (plane.channels, plane.stride)
    let across = Lines(count: plane.height * channels, length: plane.width, step: channels) {
      $0 / channels * stride + $0 % channels
    }
    let down = Lines(count: stride, length: plane.height, step: stride) { $0 }
    let along = extreme(of: plane, reach: side / 2, lines: across, darkest: darkest)
    return extreme(of: along, reach: side / 2, lines: down, darkest: darkest)
  }

  /// The numbers of one channel along one side of a plane: its rows or its columns.
  private struct Lines: Sendable {
    let count: Int, length: Int
    /// From one number to the next.
    let step: Int
    /// The place of a line's first number.
    let start: @Sendable (_ line: Int) -> Int
  }

  /// The darkest or lightest along lines, by van Herk 1992: three comparisons whatever the reach.
  private static func extreme(
    of plane: Plane<UInt8>, reach: Int, lines: Lines, darkest: Bool
  ) -> Plane<UInt8> {
    var result = plane
    let (window, length, step) = (2 * reach + 1, lines.length, lines.step)
    let nothing: UInt8 = darkest ? 255 : 0
    // A line in blocks of a window's length, with a reach of nothing at each end.
    let count = (length + 2 * reach + window - 1) / window * window
    Bands(rows: lines.count, numbersPerRow: length).forEachSharing(plane.values, &result.values) {
      source, target, numbers in
      var forward = [UInt8](repeating: nothing, count: count)
      var backward = forward
      for line in numbers {
        let start = lines.start(line)
        func level(_ place: Int) -> UInt8 {
          let own = place - reach
          return own >= 0 && own < length ? source[start + own * step] : nothing
        }
        func better(_ one: UInt8, _ other: UInt8) -> UInt8 {
          darkest ? min(one, other) : max(one, other)
        }
        for place in 0..<count {
          let here = level(place)
          forward[place] =
            place % window == 0 ? here : better(forward[place - 1], here)
        }
        for place in Swift.stride(from: count - 1, through: 0, by: -1) {
          let here = level(place)
          backward[place] =
            place % window == window - 1 ? here : better(backward[place + 1], here)
        }
        for place in 0..<length {
          target[start + place * step] = better(backward[place], forward[place + window - 1])
        }
      }
    }
    return result
  }

  /// The mean of 3 x 3 pixels, mirrored at the edge.
  static func mean(of plane: Plane<UInt8>) -> Plane<UInt8> {
    var result = plane
    let (width, height, channels) = (plane.width, plane.height, plane.channels)
    let stride = plane.stride
    Bands(rows: height, numbersPerRow: stride).forEachSharing(plane.values, &result.values) {
      source, target, rows in
      var sums = [UInt16](repeating: 0, count: stride)
      for y in rows {
        sums.withUnsafeMutableBufferPointer { sums in
          sums.update(repeating: 0)
          for line in (-1...1).map({ mirrored(y + $0, in: height) * stride }) {
            let line = UnsafeBufferPointer(rebasing: source[line..<(line + stride)])
            for index in 0..<stride { sums[index] &+= UInt16(line[index]) }
          }
          for x in 0..<width {
            let (left, right) = (mirrored(x - 1, in: width), mirrored(x + 1, in: width))
            for channel in 0..<channels {
              let sum =
                sums[left * channels + channel] + sums[x * channels + channel]
                + sums[right * channels + channel]
              // 9 is odd: there is no half.
              target[y * stride + x * channels + channel] = UInt8((sum + 4) / 9)
            }
          }
        }
      }
    }
    return result
  }

  /// A normal distribution, in OpenCV's fixed point of 8 bits, mirrored at the edge.
  static func gaussian(of plane: Plane<UInt8>, sigma: Double) -> Plane<UInt8> {
    let weights = gaussianWeights(sigma: sigma)
    let reach = weights.count / 2
    let (width, height, channels, stride) = (
      plane.width, plane.height, plane.channels, plane.stride
    )
    var along = [Int32](repeating: 0, count: plane.values.count)
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<channels {
          var sum: Int32 = 0
          for (offset, weight) in weights.enumerated() {
            let near = mirrored(x + offset - reach, in: width)
            sum += weight * Int32(plane.values[y * stride + near * channels + channel])
          }
          along[y * stride + x * channels + channel] = sum
        }
      }
    }
    var result = plane
    for y in 0..<height {
      let lines = weights.indices.map { mirrored(y + $0 - reach, in: height) * stride }
      for index in 0..<stride {
        var sum: Int32 = 1 << 15
        for (line, weight) in zip(lines, weights) { sum += weight * along[line + index] }
        result.values[y * stride + index] = UInt8(sum >> 16)
      }
    }
    return result
  }

  /// Weights that add up to 256: what rounding takes from one is given to the next.
  private static func gaussianWeights(sigma: Double) -> [Int32] {
    let reach = ((sigma * 6 + 1).wholeNumber | 1) / 2
    let exact = (-reach...reach).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    let sum = exact.reduce(0, +)
    var weights = [Int32](repeating: 0, count: exact.count)
    var (error, total) = (0.0, 0)
    for index in 0..<reach {
      let wanted = exact[index] / sum * 256 + error
      let weight = wanted.wholeNumber
      error = wanted - Double(weight)
      weights[index] = Int32(weight)
      weights[exact.count - 1 - index] = Int32(weight)
      total += weight
    }
    weights[reach] = Int32(256 - 2 * total)
    return weights
  }

  /// The place within a side that a mirror at its outermost pixels shows.
  private static func mirrored(_ place: Int, in count: Int) -> Int {
    guard count > 1 else { return 0 }
    let period = 2 * (count - 1)
    let within = ((place % period) + period) % period
    return within < count ? within : period - within
  }
}
