import CoreGraphics
import NurieCoreML
import NurieDemoModels
import NurieKit
import Observation

/// The drawing's colours: which model paints them, and what it painted.
@MainActor
@Observable
final class Studio {
  /// What stands below the ink.
  private(set) var coloring: ColoringState = .empty
  /// Every model that the app was built with.
  private(set) var bundles: [ModelBundle] = []
  /// The chosen one; nil where there is none.
  private(set) var choice: Choice?
  /// The lines of an imported picture, as a layer to show above the colour.
  private(set) var ink: CGImage?

  /// The colours that somebody touched in.
  private(set) var marks = HintMarks()
  /// Whether the chosen model takes them.
  private(set) var takesHints = false

  @ObservationIgnored private var sheet: Picture?

  /// The chosen model as it loads: strokes that come meanwhile wait for the same one.
  @ObservationIgnored private var loading: Task<Painter, any Error>?
  @ObservationIgnored private var task: Task<Void, Never>?
  @ObservationIgnored private var strokes: [Stroke] = []
  @ObservationIgnored private var canvas = CGSize.zero

  /// Finds the models. Whatever is wrong with them stands in `coloring`.
  func open() {
    guard choice == nil else { return }
    do {
      bundles = try DemoModels.bundles()
    } catch {
      coloring = .failed(error.sentence)
      return
    }
    guard let bundle = bundles.first(where: { !$0.models.isEmpty }), let model = bundle.models.first
    else {
      coloring = .failed(
        "The app was built without a model. Run python -m benchmarks.ios_bundle with "
          + "a checkpoint, and build it again.")
      return
    }
    choose(Choice(bundle: bundle, model: model, computeUnits: .all))
  }

  /// The models of all bundles.
  var models: [BundledModel] { bundles.flatMap(\.models) }

  /// Whom to name beside what the chosen model draws, or why nobody knows.
  var credit: String {
    guard let choice else { return "" }
    do {
      let manifest = try choice.bundle.manifest(of: choice.model)
      return "\(manifest.credit). \(manifest.source), \(manifest.licence)."
    } catch {
      return error.sentence
    }
  }

  /// Takes another model or engine, and colours anew.
  func choose(_ new: Choice) {
    var new = new
    new.bundle = bundles.first { $0.models.contains(new.model) } ?? new.bundle
    if choice?.model != new.model || choice?.computeUnits != new.computeUnits {
      loading?.cancel()
      loading = nil
    }
    choice = new
    do {
      takesHints = try new.bundle.manifest(of: new.model).interface.takesHints
    } catch {
      takesHints = false
      fail(error.sentence)
      return
    }
    color()
  }

  /// Takes what stands on the canvas now, and colours it.
  func draw(_ strokes: [Stroke], canvas: CGSize) {
    self.strokes = strokes
    self.canvas = canvas
    color()
  }

  /// Changes the colours that are touched in, and colours anew.
  func touch(_ change: (inout HintMarks) -> Void) {
    change(&marks)
    color()
  }

  /// Takes a picture to draw on, on a canvas of this size.
  func lay(_ picture: ImportedPicture, canvas: CGSize) {
    self.canvas = canvas
    sheet = picture.lines
    ink = picture.ink
    color()
  }

  /// Begins a new page: neither picture nor hints are left of the old one.
  func clear(canvas: CGSize) {
    self.canvas = canvas
    (sheet, ink, marks) = (nil, nil, HintMarks())
    color()
  }

  /// Takes another shape of the canvas, and colours anew what stands on it.
  func resize(to canvas: CGSize) {
    self.canvas = canvas
    color()
  }

  /// Shows a sentence in place of colours.
  func fail(_ sentence: String) {
    task?.cancel()
    coloring = .failed(sentence)
  }

  private func color() {
    task?.cancel()
    guard let choice, canvas.width >= 1, canvas.height >= 1, !strokes.isEmpty || sheet != nil else {
      if case .failed = coloring, choice == nil { return }
      coloring = .empty
      return
    }
    coloring = .running(previous: coloring.picture)
    let drawing = CanvasDrawing(
      strokes: strokes, sheet: sheet, hints: marks.strokes, size: canvas)
    task = Task { await paint(drawing, choice) }
  }

  private func paint(_ drawing: CanvasDrawing, _ choice: Choice) async {
    do {
      // A pen moves on: what is coloured is where it came to rest.
      try await Task.sleep(for: .milliseconds(120))
      let painter = try await self.painter(for: choice)
      let clock = ContinuousClock()
      let start = clock.now
      let picture = try await painter.paint(drawing)
      try Task.checkCancellation()
      let spent = (clock.now - start).components
      let milliseconds = Double(spent.seconds) * 1e3 + Double(spent.attoseconds) * 1e-15
      coloring = .finished(picture, milliseconds: milliseconds)
    } catch {
      let known = ColoringError(error)
      // Whoever cancelled has shown what holds now.
      if known != .cancelled { coloring = .failed(known.sentence) }
    }
  }

  private func painter(for choice: Choice) async throws -> Painter {
    let task = loading ?? Task { try await Painter.load(choice) }
    loading = task
    do {
      return try await task.value
    } catch {
      // The next stroke tries again, unless another model was chosen meanwhile.
      if loading == task { loading = nil }
      throw error
    }
  }
}
