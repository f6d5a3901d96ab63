/// What the paper below the lines of a drawing looks like: how light, and how evenly lit.
///
/// The paper is what remains when a closing fills whatever is darker and narrower than its window:
/// Serra 1982; lines, not shadows. It is found in cells, a few hundred along the longer side. As
/// `training/picture/paper.py`.
struct Paper {
  private static let cells = 256  // along the longer side, at most
  private static let pooled = 4  // averaged pixels a side of a cell, of which the lightest counts
  private static let window = 1.0 / 12  // of the longer side: wider than lines, not than shadows
  private static let leastWindow = 15  // cells: small pictures have wide lines
  private static let inkBelow = 0.2  // of the light of paper: darker and wider than lines is ink
  private static let edge = 5  // cells across, around which ink is blurred
  private static let lightestShare = 0.9  // percentile that stands for unshaded paper
  private static let even = 6.0  // levels between the 5th and the 95th percentile
  // A picture made of a few grey areas has a few levels of paper; light that falls off has many.
  private static let fewBins = 4, bin = 2, fewShare = 0.9

  /// How light the paper is in each cell, 1 or more; as many channels as the picture has.
  private let light: Plane<UInt8>
  /// Unshaded paper, by channel.
  let lightest: [Int]
  /// Light falls off across the sheet.
  let isUneven: Bool

  /// picture: grey or RGB, its lines darker than its paper.
  init(of picture: Plane<UInt8>) {
    var cells = Self.lightestOfCells(picture)
    let longer = max(cells.width, cells.height)
    let window = max(Self.leastWindow, (Self.window * Double(longer)).wholeNumber) | 1
    cells = Filters.extreme(of: cells, side: window, darkest: false)
    cells = Filters.extreme(of: cells, side: window, darkest: true)
    let grey = cells.grey()
    let isKnown = Self.awayFromInk(grey)
    isUneven = Self.fallsOff(Self.levels(of: grey, where: isKnown))
    lightest = (0..<cells.channels).map { channel in
      Int(
        Percentile.of(
          Self.levels(of: cells.channel(channel), where: isKnown), share: Self.lightestShare))
    }
    if isKnown.contains(false) {
      let (nearest, known, channels) = (
        NearestKnown.places(of: isKnown, width: cells.width), cells.values, cells.channels
      )
      for index in cells.values.indices {
        cells.values[index] = known[Int(nearest[index / channels]) * channels + index % channels]
      }
    }
    cells = Filters.median(of: cells, side: max(3, window / 2 | 1))
    cells = Filters.gaussian(of: cells, sigma: Double(window) / 6)
    cells.map { max($0, 1) }
    light = cells
  }

  /// Makes the picture as if its paper were white everywhere: what is lighter is white, too.
  func divideLight(of picture: inout Plane<UInt8>) {
    let stride = picture.stride
    let across = Bilinear.Side(light.width, to: picture.width)
    let down = Bilinear.Side(light.height, to: picture.height)
    let bands = Bands(rows: picture.height, numbersPerRow: stride)
    picture.values.withUnsafeMutableBufferPointer { picture in
      bands.forEach { _, rows in
        var enlarged = Bilinear.Rows(light, across: across, down: down)
        var line = [UInt8](repeating: 0, count: stride)
        for row in rows {
          line.withUnsafeMutableBufferPointer { line in
            enlarged.write(row, to: line)
            for index in 0..<stride {
              let share = Float(picture[row * stride + index]) * 255 / Float(line[index])
              picture[row * stride + index] = PixelRange.rounded(share)
            }
          }
        }
      }
    }
  }

  /// Makes the picture as if its unshaded paper were white: areas of grey remain.
  func divideTone(of picture: inout Plane<UInt8>) {
    picture.look(
      up: lightest.map { lightest in
        (0..<256).map { PixelRange.rounded(Float($0) * 255 / Float(max(lightest, 1))) }
      })
  }

  /// Averages, against noise; the lightest stands for its cell.
  private static func lightestOfCells(_ picture: Plane<UInt8>) -> Plane<UInt8> {
    let side = max(picture.width, picture.height)
    let longer = min(side, cells * pooled)
    let pool = (longer + cells - 1) / cells
    let scale = Double(longer) / Double(side)
    let rows = max(1, (Double(picture.height) * scale / Double(pool)).wholeNumber)
    let columns = max(1, (Double(picture.width) * scale / Double(pool)).wholeNumber)
    let smaller = Filters.mean(
      of: Averaging.resized(picture, width: columns * pool, height: rows * pool))
    var lightest = Plane<UInt8>(
      width: columns, height: rows, channels: picture.channels, filledWith: 0)
    for y in 0..<smaller.height {
      for index in 0..<smaller.stride {
        let (x, channel) = index.quotientAndRemainder(dividingBy: picture.channels)
        let cell = (y / pool * columns + x / pool) * picture.channels + channel
        lightest.values[cell] = max(
          lightest.values[cell], smaller.values[y * smaller.stride + index])
      }
    }
    return lightest
  }

  /// Cells that neither are ink nor border on it; somewhere true.
  private static func awayFromInk(_ grey: Plane<UInt8>) -> [Bool] {
    let least = inkBelow * Percentile.of(grey.levels(), share: lightestShare)
    var light = grey
    light.map { Double($0) >= least ? 1 : 0 }
    let away = Filters.extreme(of: light, side: edge, darkest: true)
    return (away.values.contains(1) ? away : light).values.map { $0 == 1 }
  }

  private static func fallsOff(_ levels: [Int]) -> Bool {
    let low = Percentile.of(levels, share: 0.05)
    let high = Percentile.of(levels, share: 0.95)
    let bins = stride(from: 0, to: 256, by: bin).map { levels[$0..<($0 + bin)].reduce(0, +) }
    let few = bins.sorted().suffix(fewBins).reduce(0, +)
    return high - low > even && Double(few) < fewShare * Double(levels.reduce(0, +))
  }

  private static func levels(of plane: Plane<UInt8>, where isCounted: [Bool]) -> [Int] {
    var counts = [Int](repeating: 0, count: 256)
    for (level, counted) in zip(plane.values, isCounted) where counted { counts[Int(level)] += 1 }
    return counts
  }
}
