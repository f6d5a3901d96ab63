import Foundation
import NurieKit
import Observation

/// One drawing at work in one window: its history, its colours, and what is under way.
///
/// Views show what stands here, and call what changes it. Colours stay while work goes on and when
/// it fails; what is overtaken is cancelled and leaves nothing behind.
@MainActor
@Observable
public final class Session {
  /// Loads a model; called again after it was released.
  public typealias Loading = @Sendable () async throws -> any Colorist
  /// Saves a drawing.
  public typealias Keeping = @Sendable (Saved) async throws -> Void

  /// What file the drawing is.
  public let id: UUID
  /// The colours below the ink; nil: paper.
  public private(set) var shown: Shown?
  /// What goes on.
  public private(set) var activity: Activity = .idle
  /// Why the drawing could not be saved; nil: it is, or will be.
  public internal(set) var saveFailure: String?

  var history: History<Artwork>
  @ObservationIgnored let engine: ColoringEngine
  @ObservationIgnored let pace: Pace
  @ObservationIgnored let keep: Keeping?
  /// Waits for a pause of whoever draws, and saves then.
  @ObservationIgnored var waiting: Task<Void, Never>?
  /// The last save; it waits for those before.
  @ObservationIgnored var saving: Task<Void, Never>?
  /// When the first change was made that no save has begun with.
  @ObservationIgnored var unsavedSince: ContinuousClock.Instant?
  /// Reads lines that stand on the canvas and not in the drawing yet.
  @ObservationIgnored var reading: Task<Void, Never>?
  /// Whether anything was changed since it was opened.
  @ObservationIgnored var hasChanged = false

  @ObservationIgnored private let load: Loading
  @ObservationIgnored private var loading: Task<any Colorist, any Error>?
  @ObservationIgnored private var work: Task<Void, Never>?
  @ObservationIgnored private(set) var isActive = true
  @ObservationIgnored private var isStale = false
  @ObservationIgnored private var isLockShown = false
  @ObservationIgnored private var isOtherModel = false
  /// What was read from a file, until the engine has taken it up.
  @ObservationIgnored private var opened: (artwork: Artwork, colors: Picture)?
  @ObservationIgnored private var revision = 0

  /// Takes up a drawing, and colours it.
  ///
  /// colors: as they were when it was saved, of its size. isSaved: false for a drawing that is kept
  /// although nobody has changed it yet, as an imported one. load: of the model. keep: saves,
  /// whenever something has changed; nil: nothing is saved.
  public init(
    id: UUID = UUID(), _ artwork: Artwork, colors: Picture? = nil, isSaved: Bool = true,
    pace: Pace = .hand, load: @escaping Loading, keep: Keeping? = nil
  ) {
    self.id = id
    self.pace = pace
    self.load = load
    self.keep = keep
    hasChanged = !isSaved
    history = History(artwork)
    engine = ColoringEngine(previewSide: pace.previewSide)
    if let colors {
      show(colors, isPreview: true)
      (opened, isLockShown) = ((artwork, colors), !artwork.locks.isEmpty)
    }
    if hasChanged { saveLater() }
    begin()
  }

  /// The drawing as it is now.
  public var artwork: Artwork { history.present }
  /// Whether there is a change to take back.
  public var canUndo: Bool { history.canUndo }
  /// Whether a change was taken back.
  public var canRedo: Bool { history.canRedo }

  // MARK: Coming and going

  /// Says whether the app is in front. Behind others no model works: the system forbids the GPU
  /// there. What has changed is saved.
  public func setActive(_ active: Bool) {
    guard active != isActive else { return }
    isActive = active
    if active {
      if isStale { begin() } else { activity = .idle }
    } else {
      if activity != .idle { isStale = true }
      work?.cancel()
      activity = .paused
      if hasChanged { saveNow() }
    }
  }

  /// Gives the model's memory back; it is loaded again for the next change.
  public func release() {
    loading?.cancel()
    loading = nil
  }

  /// Answers a warning of the system that memory is short.
  public func shrink() async {
    let wasWorking = activity == .working
    // It would take the model's unloading for a failure.
    if wasWorking { work?.cancel() }
    release()
    await engine.shrink(artwork)
    if wasWorking { begin() }
  }

  /// Takes the model that `load` gives now: the drawing is coloured anew.
  public func modelChanged() {
    release()
    isOtherModel = true
    begin()
  }

  /// Tries again what failed.
  public func retry() { begin() }

  /// Waits until nothing is under way any more: no lines are read, coloured or saved.
  public func settled() async {
    await read()
    while let work {
      await work.value
      if work == self.work { break }
    }
    await saved()
  }

  // MARK: Work

  /// Colours the drawing as it is now, whatever was under way.
  func begin() {
    work?.cancel()
    guard isActive else {
      isStale = true
      return
    }
    isStale = false
    activity = .working
    let artwork = artwork
    work = Task { await color(artwork) }
  }

  /// Says what went wrong; the colours stay.
  func fail(_ error: any Error) { activity = .failed(Self.sentence(of: error)) }

  private func color(_ artwork: Artwork) async {
    do {
      if isOtherModel {
        isOtherModel = false
        await engine.forgetQuestion()
      }
      if let opened {
        try await engine.open(opened.artwork, colors: opened.colors)
        self.opened = nil
      }
      if artwork.isBlank { try await showPaper() }
      // No model is needed for locked colours, nor where they are taken away again, nor where one
      // has painted just these lines and hints.
      var isPainted = await engine.hasPainted(artwork)
      if !artwork.locks.isEmpty || isLockShown || isPainted {
        isPainted = try await showLocks(of: artwork)
      }
      if !artwork.isBlank && !isPainted { try await askModel(artwork) }
      activity = .idle
      if hasChanged { saveLater() }
    } catch {
      // Who cancelled has begun something else, which says how it goes on.
      if !Task.isCancelled { fail(error) }
    }
  }

  private func askModel(_ artwork: Artwork) async throws {
    try await pace.sleep(pace.rest)
    let answer = try await engine.ask(try await model(), about: artwork)
    if let preview = try await engine.preview(answer, of: artwork) {
      try Task.checkCancellation()
      show(preview, isPreview: true)
    }
    let colored = try await engine.finish(answer, of: artwork)
    try Task.checkCancellation()
    history.amend { $0.anchor(colored.locks, insteadOf: artwork.locks) }
    show(colored.colors, isPreview: false)
  }

  /// Where no line is left, no colour is: the next drawing has none of the last one's.
  private func showPaper() async throws {
    await engine.forgetColors()
    try Task.checkCancellation()
    (shown, isLockShown) = (nil, false)
  }

  /// Shows what a model painted last with the locks as they are. Returns whether that is all.
  private func showLocks(of artwork: Artwork) async throws -> Bool {
    let colored = try await engine.instant(artwork)
    try Task.checkCancellation()
    history.amend { $0.anchor(colored.locks, insteadOf: artwork.locks) }
    isLockShown = !colored.locks.isEmpty
    show(colored.colors, isPreview: !colored.isPainted)
    return colored.isPainted
  }

  private func model() async throws -> any Colorist {
    let task = loading ?? Task { [load] in try await load() }
    loading = task
    do {
      return try await task.value
    } catch {
      // The next change tries again, unless another model was chosen meanwhile.
      if loading == task { loading = nil }
      throw error
    }
  }

  private func show(_ colors: Picture, isPreview: Bool) {
    revision += 1
    shown = Shown(colors: colors, isPreview: isPreview, revision: revision)
  }
}
