/// From what a camera roll holds to what a model takes, as training/picture/reading.py does it.
extension Picture {
  /// Lays a picture with opacity on white paper; halves of 1/255 round up, as in Python.
  public func onPaper() -> Picture {
    guard channels == .rgba else { return self }
    var colors: [UInt8] = []
    colors.reserveCapacity(width * height * 3)
    for pixel in stride(from: 0, to: bytes.count, by: 4) {
      let alpha = Int(bytes[pixel + 3])
      for channel in 0..<3 {
        let mixed = Int(bytes[pixel + channel]) * alpha + Int(PixelRange.paper) * (255 - alpha)
        colors.append(UInt8((mixed + 127) / 255))
      }
    }
    return Picture(width: width, height: height, channels: .rgb, unchecked: colors)
  }

  /// The luma of ITU-R BT.601 on white paper, in the 15-bit fixed point of OpenCV's cvtColor.
  public func grey() -> Picture {
    guard channels != .grey else { return self }
    let colors = onPaper().bytes
    let luma = (0..<(width * height)).map { pixel in
      PixelRange.luma(colors[3 * pixel], colors[3 * pixel + 1], colors[3 * pixel + 2])
    }
    return Picture(width: width, height: height, channels: .grey, unchecked: luma)
  }

  /// Opaque red, green, blue, opacity: what a screen takes.
  public func rgba() -> Picture {
    guard channels != .rgba else { return self }
    let count = channels.rawValue
    let (green, blue) = count == 1 ? (0, 0) : (1, 2)
    var pixels = [UInt8](repeating: UInt8.max, count: width * height * 4)
    for pixel in 0..<(width * height) {
      pixels[pixel * 4] = bytes[pixel * count]
      pixels[pixel * 4 + 1] = bytes[pixel * count + green]
      pixels[pixel * 4 + 2] = bytes[pixel * count + blue]
    }
    return Picture(width: width, height: height, channels: .rgba, unchecked: pixels)
  }

  /// Scales down to exactly `newWidth` x `newHeight` by averaging over areas, which keeps thin
  /// lines.
  ///
  /// Throws where the picture would grow along a side: there is nothing to average.
  public func averaged(width newWidth: Int, height newHeight: Int) throws(NurieError) -> Picture {
    guard (1...width).contains(newWidth), (1...height).contains(newHeight) else {
      throw .picture(
        "Expected a smaller size than \(width) x \(height), received \(newWidth) x \(newHeight).")
    }
    let count = channels.rawValue
    let columns = Self.shares(of: width, in: newWidth)
    let rows = Self.shares(of: height, in: newHeight)
    var averages: [UInt8] = []
    averages.reserveCapacity(newWidth * newHeight * count)
    for row in rows {
      for column in columns {
        for channel in 0..<count {
          var sum = 0.0
          for (y, down) in row {
            for (x, across) in column {
              sum += down * across * Double(bytes[(y * width + x) * count + channel])
            }
          }
          averages.append(PixelRange.rounded(sum))
        }
      }
    }
    return Picture(width: newWidth, height: newHeight, channels: channels, unchecked: averages)
  }

  /// For each new pixel: the old pixels below it along one side, and each one's share, adding up to
  /// 1.
  private static func shares(of old: Int, in new: Int) -> [[(Int, Double)]] {
    (0..<new).map { pixel in
      // In units of 1/new of an old pixel, so that borders are whole numbers.
      let (start, end) = (pixel * old, (pixel + 1) * old)
      return (start / new..<(end + new - 1) / new).map { place in
        let covered = min(end, (place + 1) * new) - max(start, place * new)
        return (place, Double(covered) / Double(old))
      }
    }
  }
}
