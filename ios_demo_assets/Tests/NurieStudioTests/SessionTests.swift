import Foundation
import NurieKit
import Observation
import Testing

@testable import NurieStudio

@Suite("A session") @MainActor struct SessionTests {
  @Test("fills a region while the model has not answered")
  func bucketNeedsNoModel() async throws {
    let (model, gate) = (PaintingDouble(), Gate())
    await model.wait(at: gate)
    let session = Session(try Sample.blank(), pace: Sample.quick, load: { model })
    session.draw(try Sample.grid())
    let place = Sample.middle(1, 0)
    session.fill(x: place.x, y: place.y, with: Sample.red)
    // Nothing is waited for but the regions: the model stands before its gate.
    for _ in 0..<10_000 where session.color(x: place.x, y: place.y) != Sample.red {
      try await Task.sleep(for: .milliseconds(2))
    }
    #expect(session.color(x: place.x, y: place.y) == Sample.red)
    #expect(session.color(x: 17, y: 80) == .white)
    #expect(session.activity == .working)
    // And so it is taken back.
    session.undo()
    for _ in 0..<10_000 where session.color(x: place.x, y: place.y) != .white {
      try await Task.sleep(for: .milliseconds(2))
    }
    #expect(session.color(x: place.x, y: place.y) == .white)
    await gate.open()
    await session.settled()
    #expect(session.shown?.isPreview == false)
  }

  @Test("a page that was cleared has none of the last drawing's colours", arguments: [40, 4096])
  func clearedPage(previewSide: Int) async throws {
    let (model, gate) = (PaintingDouble(), Gate())
    let session = try await Sample.session(
      model, pace: Pace(rest: .zero, save: .zero, previewSide: previewSide))
    session.fill(x: 17, y: 80, with: Sample.green)
    await session.settled()
    session.clear()
    await session.settled()
    #expect(session.shown == nil)
    // Not in a preview, either.
    let seen = Seen(session)
    session.draw(try Sample.grid())
    await session.settled()
    #expect(seen.shown.count == (previewSide < Sample.side ? 2 : 1))
    for shown in seen.shown {
      let at = (17 * shown.colors.width / 97, 80 * shown.colors.width / 97)
      #expect((0..<3).map { shown.colors[at.0, at.1, $0] } != [3, 160, 40])
    }
    session.clear()
    await session.settled()
    await model.wait(at: gate)
    session.draw(try Sample.grid())
    let place = Sample.middle(1, 0)
    session.fill(x: place.x, y: place.y, with: Sample.red)
    for _ in 0..<10_000 where session.color(x: place.x, y: place.y) != Sample.red {
      try await Task.sleep(for: .milliseconds(2))
    }
    #expect(session.color(x: 17, y: 80) == .white)
    await gate.open()
    await session.settled()
    #expect(session.color(x: 17, y: 80) != .white)
  }

  @Test("asks the model once for many strokes, when the pen rests") func rests() async throws {
    let (model, gate) = (PaintingDouble(), Gate())
    let pace = Pace(rest: .zero, save: .zero) { _ in
      await gate.pass()
      try Task.checkCancellation()
    }
    let session = Session(try Sample.blank(), pace: pace, load: { model })
    for line in try Sample.grid() { session.draw(session.artwork.ink + [line]) }
    #expect(await model.asked == 0)
    await gate.open()
    await session.settled()
    #expect(await model.asked == 1)
    #expect(session.artwork.ink.count == 8 && session.activity == .idle)
  }

  @Test("shows a preview first, and then the same in full size") func preview() async throws {
    let pace = Pace(rest: .zero, save: .zero, previewSide: 40)
    let (model, gate) = (PaintingDouble(), Gate())
    await model.wait(at: gate)
    let session = Session(try Sample.blank(), pace: pace, load: { model })
    let place = Sample.middle(2, 1)
    session.draw(try Sample.grid())
    session.fill(x: place.x, y: place.y, with: Sample.red)
    while await gate.count == 0 { await Task.yield() }
    let seen = Seen(session)
    await gate.open()
    await session.settled()
    // Locked colours on paper, the preview, the picture.
    #expect(seen.shown.map(\.colors.width) == [Sample.side, 40, Sample.side])
    #expect(seen.shown.map(\.isPreview) == [true, true, false])
    for shown in seen.shown {
      let at = (place.x * shown.colors.width / 97, place.y * shown.colors.width / 97)
      #expect((0..<3).map { shown.colors[at.0, at.1, $0] } == [250, 10, 20])
    }
    let engine = session.engine
    let answer = try await engine.ask(model, about: session.artwork)
    let small = try #require(try await engine.preview(answer, of: session.artwork))
    #expect((small.width, small.height) == (40, 40))
    let at = (place.x * 40 / 97, place.y * 40 / 97)
    #expect((0..<3).map { small[at.0, at.1, $0] } == [250, 10, 20])
  }

  @Test("gives an export whole pictures: of what is under way, when it is done")
  func pictures() async throws {
    let (model, gate) = (PaintingDouble(), Gate())
    await model.wait(at: gate)
    let session = Session(
      try Sample.blank(), pace: Pace(rest: .zero, save: .zero, previewSide: 40), load: { model })
    session.draw(try Sample.grid())
    async let pictures = session.pictures()
    while await gate.count == 0 { await Task.yield() }
    await gate.open()
    let given = try await pictures
    #expect(given.colors == session.shown?.colors && given.colors?.width == Sample.side)
    #expect(given.lineart.width == Sample.side && session.activity == .idle)
  }

  @Test("gives an export whole pictures of colours that are small") func smallPictures()
    async throws
  {
    let small = try Picture(
      width: 2, height: 1, channels: .rgb, bytes: [250, 10, 20, 1, 2, 200])
    let session = Session(
      try Sample.blank(), colors: small, load: { throw NurieError.picture("No model.") })
    session.setActive(false)
    let colors = try #require(try await session.pictures().colors)
    #expect((colors.width, colors.height) == (Sample.side, Sample.side))
    #expect(colors[0, 96, 0] == 250 && colors[96, 0, 2] == 200)
  }

  @Test("a warning of memory while the model is loaded is no failure") func shrinksWhileLoading()
    async throws
  {
    let (model, gate) = (PaintingDouble(), Gate())
    let session = Session(
      try Sample.blank(), pace: Sample.quick,
      load: {
        await gate.pass()
        try Task.checkCancellation()
        return model
      })
    session.draw(try Sample.grid())
    while await gate.count == 0 { await Task.yield() }
    await session.shrink()
    await gate.open()
    await session.settled()
    #expect(session.activity == .idle && session.shown?.isPreview == false)
  }

  @Test("keeps its colours while work goes on, and when it fails; then tries again")
  func failureKeepsThePicture() async throws {
    let model = PaintingDouble()
    let session = try await Sample.session(model)
    let before = session.shown
    await model.fail(with: .picture("The double was told to fail."))
    session.draw(session.artwork.ink + [try Sample.line([(10, 10), (20, 20)])])
    #expect(session.shown == before && session.activity == .working)
    await session.settled()
    #expect(session.shown == before)
    #expect(session.activity == .failed("The double was told to fail."))
    await model.fail(with: nil)
    session.retry()
    await session.settled()
    #expect(session.activity == .idle && session.shown != before)
  }

  @Test("what is overtaken leaves nothing behind: neither colours, nor a sentence")
  func cancellation() async throws {
    let (model, gate) = (PaintingDouble(), Gate())
    let session = try await Sample.session(model)
    await model.wait(at: gate)
    let first = session.artwork.ink
    session.draw(first + [try Sample.line([(40, 40), (50, 50)])])
    while await gate.count == 0 { await Task.yield() }
    // The model fails once it has been overtaken.
    session.draw(first)
    await model.fail(with: .picture("Too late to matter."))
    await gate.open()
    await model.wait(at: nil)
    await model.fail(with: nil)
    session.retry()
    await session.settled()
    #expect(session.activity == .idle)
    let fresh = try await Sample.session(PaintingDouble())
    #expect(session.shown?.colors == fresh.shown?.colors)
  }

  @Test("asks no model behind other apps, unloads it, and goes on when it is back")
  func background() async throws {
    let model = PaintingDouble()
    var loads = 0
    let counted = Counter()
    let session = Session(
      try Sample.blank(), pace: Sample.quick,
      load: {
        await counted.add()
        return model
      })
    session.draw(try Sample.grid())
    await session.settled()
    session.setActive(false)
    session.release()
    let asked = await model.asked
    session.draw(session.artwork.ink + [try Sample.line([(40, 40), (50, 50)])])
    await session.settled()
    #expect(await model.asked == asked && session.activity == .paused)
    #expect(session.shown != nil)
    session.setActive(true)
    await session.settled()
    loads = await counted.count
    #expect(await model.asked == asked + 1 && session.activity == .idle)
    #expect(loads == 2)
    await session.shrink()
    session.draw(try Sample.grid())
    await session.settled()
    #expect(await counted.count == 3 && session.activity == .idle)
  }

  @Test("locks a region in the colour that it shows, and frees it again") func lockOrFree()
    async throws
  {
    let session = try await Sample.session()
    let place = Sample.middle(0, 1)
    let color = try #require(session.color(x: place.x, y: place.y))
    await session.lockOrFree(x: place.x, y: place.y)
    #expect(session.artwork.locks == [RegionLock(x: place.x, y: place.y, color: color)])
    // A hint does not change it, and wins once it is free.
    session.touch(try Sample.hint(Sample.blue, at: place))
    await session.settled()
    #expect(session.color(x: place.x, y: place.y) == color)
    await session.lockOrFree(x: place.x + 4, y: place.y - 3)
    await session.settled()
    #expect(session.artwork.locks.isEmpty)
    #expect(session.color(x: place.x, y: place.y) == Sample.blue)
  }

  @Test("proposes the model's colours, that of the region first") func proposals() async throws {
    let session = try await Sample.session()
    let place = Sample.middle(0, 2)
    let own = try #require(session.color(x: place.x, y: place.y))
    session.fill(x: place.x, y: place.y, with: Sample.red)
    await session.settled()
    let proposed = await session.proposals(x: place.x, y: place.y, most: 3)
    #expect(proposed.first == own && proposed.count == 3 && Set(proposed).count == 3)
    #expect(!proposed.contains(Sample.red))
  }

  @Test("knows nothing outside of the canvas") func outside() async throws {
    let session = try await Sample.session()
    let before = session.artwork
    session.fill(x: -1, y: 5, with: Sample.red)
    session.fill(x: 5, y: Sample.side, with: Sample.red)
    await session.lockOrFree(x: 5, y: -1)
    #expect(session.artwork == before && session.color(x: Sample.side, y: 0) == nil)
  }

  /// Everything that a session shows from now on, and now.
  @MainActor final class Seen {
    private(set) var shown: [Shown] = []

    init(_ session: Session) { note(session) }

    private func note(_ session: Session) {
      // Called before each change, once: what is there now, and again for the next.
      let now = withObservationTracking {
        session.shown
      } onChange: { [weak self, weak session] in
        MainActor.assumeIsolated {
          guard let self, let session else { return }
          self.later(session)
        }
      }
      if let now { shown.append(now) }
    }

    private func later(_ session: Session) { Task { note(session) } }
  }

  actor Counter {
    private(set) var count = 0
    func add() { count += 1 }
  }
}
