import NurieKit

/// What people do to a drawing: each a step that can be taken back.
extension Session {
  /// Takes the lines of the pen as they are now.
  public func draw(_ ink: [InkLine]) { change { $0.ink = ink } }

  /// Lays line art under the pen. Throws unless it is grey and of the canvas's size.
  public func lay(_ lineart: Picture) throws(NurieError) {
    try artwork.requireFits(lineart)
    change { $0.sheet = Artwork.Sheet(picture: lineart) }
  }

  /// Puts a dot or a stroke of colour on top of the others.
  public func touch(_ hint: HintStroke) { change { $0.hints.append(hint) } }

  /// Takes everything away: lines, colours, and what lies under them.
  public func clear() {
    change { artwork in
      (artwork.ink, artwork.sheet, artwork.hints, artwork.locks) = ([], nil, [], [])
    }
  }

  /// Takes the colours away, and leaves the lines.
  public func clearColors() {
    change { artwork in (artwork.hints, artwork.locks) = ([], []) }
  }

  /// Takes back the last change, of lines or of colours.
  public func undo() { if history.undo() { changed() } }

  /// Makes again the change that was taken back.
  public func redo() { if history.redo() { changed() } }

  /// Fills the region at a pixel with a colour that stays, whatever is drawn elsewhere.
  public func fill(x: Int, y: Int, with color: RGB) {
    guard contains(x, y) else { return }
    change { $0.locks.append(RegionLock(x: x, y: y, color: color)) }
  }

  /// Locks the region at a pixel in the colour that it shows; frees it where it is locked.
  ///
  /// Does nothing where no colour is shown yet, or where the drawing was changed meanwhile.
  public func lockOrFree(x: Int, y: Int) async {
    guard contains(x, y) else { return }
    let asked = artwork
    do {
      let kept = try await engine.regions(of: asked)
      guard asked.lines == artwork.lines, asked.locks == artwork.locks,
        let region = kept.regions.identity(x: x, y: y)
      else { return }
      if kept.regions.locked[region] == nil {
        if let color = color(x: x, y: y) { fill(x: x, y: y, with: color) }
      } else {
        change { artwork in
          artwork.locks = kept.locks.filter { kept.regions.identity(x: $0.x, y: $0.y) != region }
        }
      }
    } catch {
      fail(error)
    }
  }

  /// Makes a change that can be taken back.
  private func change(_ body: (inout Artwork) -> Void) {
    let isOne = history.change { artwork in
      let lines = artwork.lines
      body(&artwork)
      if artwork.locks.isEmpty {
        artwork.isAnchored = true
      } else if artwork.lines != lines {
        artwork.isAnchored = false
      }
    }
    if isOne { changed() }
  }

  private func changed() {
    hasChanged = true
    saveLater()
    begin()
  }

  // MARK: Questions

  /// The colour that is shown at a pixel of the canvas; nil: none yet, or outside.
  public func color(x: Int, y: Int) -> RGB? {
    guard contains(x, y), let colors = shown?.colors else { return nil }
    let place = (x * colors.width / artwork.width, y * colors.height / artwork.height)
    return RGB(
      red: colors[place.0, place.1, 0], green: colors[place.0, place.1, 1],
      blue: colors[place.0, place.1, 2])
  }

  /// Colours that the model has for the region at a pixel, and for others; none before it answered.
  public func proposals(x: Int, y: Int, most: Int = 8) async -> [RGB] {
    await engine.proposals(at: (x, y), of: artwork, most: most)
  }

  /// The drawing's lines: grey, of the canvas's size.
  public func lineart() async throws -> Picture { try await engine.lineart(of: artwork) }

  /// Lines, grey, and colours, RGB, of the canvas's size, once nothing is under way any more: what an
  /// export takes. Where colouring stopped at a preview, that is enlarged. colors nil: paper.
  public func pictures() async throws -> (lineart: Picture, colors: Picture?) {
    await settled()
    let colors = try shown.map {
      try LockPainter.resized($0.colors, width: artwork.width, height: artwork.height)
    }
    return (try await lineart(), colors)
  }

  private func contains(_ x: Int, _ y: Int) -> Bool {
    (0..<artwork.width).contains(x) && (0..<artwork.height).contains(y)
  }
}
