/// Fits one drawing after the other, in the same memory. As `training/picture/working/fitting.py`.
struct Fitter: Sendable {
  private static let finer = 4  // lines are measured and drawn at this multiple: quarter pixels
  /// A line that covers a quarter of a pixel.
  private static let traceBelow = UInt8((Int(PixelRange.paper) + Int(PixelRange.inkBelow)) / 2)
  private static let speck: Int32 = 2  // finer pixels: dust, half of a working pixel
  private static let area = 5.0  // times the thickest pen: ink that wide is no line
  private static let measured = 0.5  // pixels to which the width of lines is known

  private var ruler = LineRuler()
  private var depth = ChamferDepth(), aside = ChamferDepth()
  private var components = Components()

  /// Does what `Fitted` says.
  mutating func fit(
    _ lineart: Picture, width: Int, height: Int, learned: ClosedRange<Double>, hints: Hints?
  ) throws(NurieError) -> Fitted {
    try lineart.requireGrey()
    try hints?.requireSize(of: lineart)
    let placement = try Placement(
      width: lineart.width, height: lineart.height, in: width, by: height)
    let inside = placement.inside(width: lineart.width, height: lineart.height)
    let (columns, rows) = (inside.columns.count, inside.rows.count)
    func laid(_ plane: Plane<UInt8>, on ground: UInt8) -> Picture {
      var sheet = Plane<UInt8>(
        width: width, height: height, channels: plane.channels, filledWith: ground)
      for row in 0..<rows {
        let start =
          (inside.rows.lowerBound + row) * sheet.stride
          + inside.columns.lowerBound * plane.channels
        sheet.values.replaceSubrange(
          start..<(start + plane.stride),
          with: plane.values[(row * plane.stride)..<((row + 1) * plane.stride)])
      }
      return sheet.picture
    }
    let drawn = lines(Plane(lineart), width: columns, height: rows, learned: learned)
    var given: Hints?
    if let hints {
      let pooled = Pooling.hints(Plane(hints.picture), width: columns, height: rows)
      given = try Hints(laid(pooled, on: 0))
    }
    return Fitted(lineart: laid(drawn, on: PixelRange.paper), hints: given, placement: placement)
  }

  /// The drawing as it stands in the working picture.
  private mutating func lines(
    _ lineart: Plane<UInt8>, width: Int, height: Int, learned: ClosedRange<Double>
  ) -> Plane<UInt8> {
    if width == lineart.width, height == lineart.height, isLearned(lineart, learned) {
      return lineart
    }
    let (thinnest, thickest) = (learned.lowerBound, learned.upperBound)
    let (finerWidth, finerHeight) = (Self.finer * width, Self.finer * height)
    let enlarged = Self.resized(lineart, width: finerWidth, height: finerHeight)
    measureDepth(of: enlarged, darkerThan: PixelRange.inkBelow)
    let measured = depth.medianWidth() ?? 0
    let fine = Double(Self.finer)
    var surplus = max(0, (measured - fine * thickest) / 2)  // on each side of the lines
    if measured > Self.area * fine * thickest { surplus = 0 }  // a silhouette
    var drawn: Plane<UInt8>
    if surplus == 0 {
      drawn = Self.resized(lineart, width: width, height: height)
    } else {
      drawn = Plane(width: width, height: height, filledWith: PixelRange.paper)
      darken(&drawn) { [depth] x, y in depth[x, y] - Float(surplus) }
    }
    if findThin(
      lineart, width: finerWidth, height: finerHeight, radius: thinnest / 2 * fine + surplus)
    {
      let reach = Float(thinnest / 2 * fine + 0.5)
      darken(&drawn) { [aside] x, y in reach - aside[x, y] }
    }
    return drawn
  }

  private mutating func isLearned(_ lineart: Plane<UInt8>, _ learned: ClosedRange<Double>) -> Bool {
    guard let width = ruler.width(lineart) else { return true }
    return learned.lowerBound - Self.measured <= width
      && width <= learned.upperBound + Self.measured
  }

  private mutating func measureDepth(of plane: Plane<UInt8>, darkerThan level: UInt8) {
    depth.measure(width: plane.width, height: plane.height, beyond: .outside) { y, mask in
      for x in 0..<plane.width { mask[x] = plane.values[y * plane.width + x] < level ? 1 : 0 }
    }
  }

  /// Darkens pixels to the average ink of the finer pixels in them. ink: of a finer pixel, clipped
  /// to [0, 1] here.
  private func darken(_ drawn: inout Plane<UInt8>, ink: (_ x: Int, _ y: Int) -> Float) {
    let finer = Self.finer
    for y in 0..<drawn.height {
      for x in 0..<drawn.width {
        var sum: Float = 0
        for down in 0..<finer {
          for across in 0..<finer {
            sum += min(max(ink(x * finer + across, y * finer + down), 0), 1)
          }
        }
        let averaged = sum / Float(finer * finer)
        let level = PixelRange.paper - PixelRange.rounded(averaged * Float(PixelRange.paper))
        drawn.values[y * drawn.width + x] = min(drawn.values[y * drawn.width + x], level)
      }
    }
  }

  /// Measures how far all is from the middle of lines that are nowhere nearby deeper than `radius`.
  ///
  /// No line is lost on the way to it, however thin. Returns whether there is any such line.
  private mutating func findThin(
    _ lineart: Plane<UInt8>, width: Int, height: Int, radius: Double
  ) -> Bool {
    let darkest = Pooling.darkest(lineart, width: width, height: height)
    var traced = Self.resized(darkest, width: width, height: height)
    removeDust(from: &traced)
    measureDepth(of: traced, darkerThan: Self.traceBelow)
    let (reach, most) = (radius.wholeNumber, Float(radius + 0.5))
    var isThin = [UInt8](repeating: 1, count: width * height)  // 0: what it is measured from
    var isAnyThin = false
    for y in 0..<height {
      for x in 0..<width where depth.isMiddle(x, y) {
        let rows = max(0, y - reach)...min(height - 1, y + reach)
        let columns = max(0, x - reach)...min(width - 1, x + reach)
        if rows.allSatisfy({ row in columns.allSatisfy { depth[$0, row] <= most } }) {
          isThin[y * width + x] = 0
          isAnyThin = true
        }
      }
    }
    guard isAnyThin else { return false }
    aside.measure(width: width, height: height, beyond: .nothing) { y, mask in
      for x in 0..<width { mask[x] = isThin[y * width + x] }
    }
    return true
  }

  /// Makes paper of ink that is hardly a pixel large.
  private mutating func removeDust(from traced: inout Plane<UInt8>) {
    let (width, values) = (traced.width, traced.values)
    components.find(height: traced.height, corners: true) { y, runs in
      var x = 0
      while x < width {
        while x < width, values[y * width + x] >= Self.traceBelow { x += 1 }
        guard x < width else { break }
        let begin = x
        while x < width, values[y * width + x] < Self.traceBelow { x += 1 }
        runs.append(Components.Run(start: Int32(begin), end: Int32(x)))
      }
    }
    var box = [(left: Int32, right: Int32, top: Int32, bottom: Int32)](
      repeating: (.max, 0, .max, 0), count: components.count)
    func forEachRun(_ body: (_ component: Int, _ run: Components.Run, _ row: Int) -> Void) {
      for y in 0..<traced.height {
        for run in components.rows[y]..<components.rows[y + 1] {
          body(Int(components.component[run]), components.runs[run], y)
        }
      }
    }
    forEachRun { component, run, row in
      let old = box[component]
      box[component] = (
        min(old.left, run.start), max(old.right, run.end), min(old.top, Int32(row)),
        max(old.bottom, Int32(row + 1))
      )
    }
    forEachRun { component, run, row in
      let box = box[component]
      if max(box.right - box.left, box.bottom - box.top) <= Self.speck {
        for x in run.start..<run.end { traced.values[row * width + Int(x)] = PixelRange.paper }
      }
    }
  }

  /// Averages where a picture shrinks.
  private static func resized(_ plane: Plane<UInt8>, width: Int, height: Int) -> Plane<UInt8> {
    max(width, height) < max(plane.width, plane.height)
      ? Averaging.resized(plane, width: width, height: height)
      : Bilinear.resized(plane, width: width, height: height)
  }
}
