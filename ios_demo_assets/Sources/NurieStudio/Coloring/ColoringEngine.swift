import Foundation
import NurieKit

/// Turns an artwork into its colours, and keeps what it found for the next change.
///
/// One engine a drawing. Its steps are told apart so that a session can show each as it comes:
/// regions and locked colours need no model; what a model painted is shown small, then in full.
/// Every step can be repeated, left out or broken off: what is kept says of which lines it is.
actor ColoringEngine {
  /// What decides a model's answer.
  private struct Question: Equatable {
    let lines: Artwork.Lines
    let hints: [HintStroke]

    init(_ artwork: Artwork) { (lines, hints) = (artwork.lines, artwork.hints) }
  }

  /// What a model painted, and what was shown to it.
  struct Answer: Sendable {
    fileprivate let lines: Artwork.Lines
    fileprivate let lineart: Picture
    fileprivate let hints: Hints?
    fileprivate let layer: Picture
    fileprivate let fitted: Fitted
    fileprivate let linesPX: ClosedRange<Double>
  }

  /// The colours of a drawing, and its locks as they are anchored now.
  struct Colored: Sendable {
    let colors: Picture
    let locks: [RegionLock]
    /// Whether a model need not be asked: it has painted these very lines and hints.
    let isPainted: Bool
  }

  // Pixels of a preview's longer side: a fifth of a second on two slow cores.
  private let previewSide: Int
  private let finisher = Finisher()
  private let previewer = Finisher()
  private var sheet = InkSheet()
  private var keeper = RegionKeeper()
  /// What locked colours lie on: what a model painted last, or what there was before it did.
  private var base: Picture?
  /// What a model was asked that painted the base; nil: none has.
  private var question: Question?
  /// The colour that a model has for each region of these lines.
  private var chosen: (lines: Artwork.Lines, colors: [RGB])?

  init(previewSide: Int) { self.previewSide = previewSide }

  /// The drawing in black and white: grey, of the canvas's size.
  func lineart(of artwork: Artwork) throws -> Picture { try sheet.lineart(of: artwork) }

  /// Lines that were rasterised so far.
  var rasterised: Int { sheet.rasterised }

  /// The regions with the locked colours, found without a model.
  func regions(of artwork: Artwork) async throws -> RegionKeeper.Kept {
    if let map = keeper.map(of: artwork.lines) { return keeper.keep(artwork, map: map) }
    let map = try await finisher.regions(of: try lineart(of: artwork))
    try Task.checkCancellation()
    return keeper.keep(artwork, map: map)
  }

  /// What a model paints of the drawing.
  func ask(_ model: any Colorist, about artwork: Artwork) async throws -> Answer {
    let lineart = try lineart(of: artwork)
    var hints: Hints?
    if !artwork.hints.isEmpty {
      hints = try Hints(artwork.hints, width: artwork.width, height: artwork.height)
    }
    // Regions take the colours of their hints, whether or not the model knows what a hint is.
    let fitted = try await finisher.fit(
      lineart, width: model.width, height: model.height, learned: model.linesPX,
      hints: model.takesHints ? hints : nil)
    try Task.checkCancellation()
    let layer = try await model.paint(fitted.lineart, hints: fitted.hints)
    try Task.checkCancellation()
    return Answer(
      lines: artwork.lines, lineart: lineart, hints: hints, layer: layer, fitted: fitted,
      linesPX: model.linesPX)
  }

  /// The colours in a small size; nil where they are not smaller, or no model has answered.
  ///
  /// Regions that are locked have their colours where they were when they were last found.
  func preview(_ answer: Answer, of artwork: Artwork) async throws -> Picture? {
    let longer = max(artwork.width, artwork.height)
    guard longer > previewSide else { return nil }
    let (width, height) = (
      max(1, artwork.width * previewSide / longer), max(1, artwork.height * previewSide / longer)
    )
    let lineart = try answer.lineart.averaged(width: width, height: height)
    try Task.checkCancellation()
    var hints: Hints?
    if answer.hints != nil {
      let scale = Double(width) / Double(artwork.width)
      hints = try Hints(
        artwork.hints.map { try $0.placed(scale: scale) }, width: width, height: height)
    }
    let working = answer.fitted.lineart
    let fitted = try await previewer.fit(
      lineart, width: working.width, height: working.height, learned: answer.linesPX)
    let finished = try await previewer.finish(
      lineart, painted: try Painted(answer.layer, of: fitted), hints: hints)
    try Task.checkCancellation()
    // Until they come in full size.
    if base == nil { base = finished.flats }
    // Without locks nobody has looked for regions: those that are kept may be another drawing's.
    guard !artwork.locks.isEmpty, let kept = keeper.kept else { return finished.flats }
    return try LockPainter.painted(kept.regions, over: finished.flats)
  }

  /// The colours in full size.
  func finish(_ answer: Answer, of artwork: Artwork) async throws -> Colored {
    let kept = try await regions(of: artwork)
    let flats = try FlatColors(
      kept.regions.map, painted: try Painted(answer.layer, of: answer.fitted),
      lineart: answer.lineart, hints: answer.hints)
    try Task.checkCancellation()
    let colors = flats.picture()
    try Task.checkCancellation()
    base = colors
    question = Question(artwork)
    chosen = (answer.lines, flats.colors)
    return Colored(
      colors: try LockPainter.painted(kept.regions, over: colors), locks: kept.locks,
      isPainted: true)
  }

  /// Whether a model has painted these very lines and hints last.
  func hasPainted(_ artwork: Artwork) -> Bool { question == Question(artwork) }

  /// Takes the colours of a file for those to lie below locks, until a model has painted some.
  ///
  /// colors: of the artwork's size, locked colours among them. What lay below these is not in the
  /// file: white paper does.
  func open(_ artwork: Artwork, colors: Picture) async throws {
    guard !artwork.locks.isEmpty else { return base = colors }
    let kept = try await regions(of: artwork)
    base = try LockPainter.painted(kept.regions, over: colors, with: .white)
  }

  /// The colours with the locks as they are, without asking a model: over what it painted last, or
  /// over white paper.
  func instant(_ artwork: Artwork) async throws -> Colored {
    let kept = try await regions(of: artwork)
    let (width, height) = (artwork.width, artwork.height)
    let under =
      if let base { try LockPainter.resized(base, width: width, height: height) } else {
        try Picture.paper(width: width, height: height, channels: .rgb)
      }
    return Colored(
      colors: try LockPainter.painted(kept.regions, over: under), locks: kept.locks,
      isPainted: hasPainted(artwork))
  }

  /// Colours for the region at a pixel, as the model would have them: its own first, then those of
  /// the picture's other regions, the largest first, each once.
  func proposals(at place: (x: Int, y: Int), of artwork: Artwork, most: Int) -> [RGB] {
    guard let chosen, let kept = keeper.kept, kept.lines == chosen.lines else { return [] }
    let map = kept.regions.map
    var areas = [Int](repeating: 0, count: map.count)
    for label in map.labels { areas[Int(label)] += 1 }
    var found: [RGB] = []
    if (0..<map.width).contains(place.x), (0..<map.height).contains(place.y) {
      found.append(chosen.colors[Int(map.labels[place.y * map.width + place.x])])
    }
    for region in areas.indices.sorted(by: { (areas[$1], $0) < (areas[$0], $1) }) {
      if found.count == most { break }
      if !found.contains(chosen.colors[region]) { found.append(chosen.colors[region]) }
    }
    return found
  }

  /// Forgets what a model painted.
  func forgetColors() { (base, question, chosen) = (nil, nil, nil) }

  /// Asks anew whatever was asked: another model answers from now on.
  func forgetQuestion() { question = nil }

  /// Gives back the memory of what can be found again: colours below locks cannot. The regions of
  /// lines that were changed since locks were anchored cannot either.
  func shrink(_ artwork: Artwork) {
    sheet = InkSheet()
    if artwork.isAnchored { keeper = RegionKeeper() }
  }
}
