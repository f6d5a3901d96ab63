import Foundation
import NurieKit
import Testing

@testable import NurieStudio

/// Locked colours lie on others, which stand there when they are taken away: without a model.
@Suite("Below locked colours") @MainActor struct BelowLocksTests {
  private let place = Sample.middle(1, 0)
  private let elsewhere = Sample.middle(0, 2)

  /// A drawing with a filled region as a file has it, opened where no model can be loaded.
  private func opened() async throws -> Session {
    let drawn = try await Sample.session()
    drawn.fill(x: place.x, y: place.y, with: Sample.red)
    await drawn.settled()
    let session = Session(
      drawn.artwork, colors: drawn.shown?.colors, pace: Sample.quick,
      load: { throw NurieError.picture("No model.") })
    await session.settled()
    #expect(session.activity == .failed("No model."))
    #expect(session.color(x: place.x, y: place.y) == Sample.red)
    return session
  }

  @Test("of an opened drawing is paper: they can be cleared") func cleared() async throws {
    let session = try await opened()
    let painted = try #require(session.color(x: elsewhere.x, y: elsewhere.y))
    session.clearColors()
    await session.settled()
    #expect(session.color(x: place.x, y: place.y) == .white)
    #expect(session.color(x: elsewhere.x, y: elsewhere.y) == painted && painted != .white)
    session.undo()
    await session.settled()
    #expect(session.color(x: place.x, y: place.y) == Sample.red)
  }

  @Test("of an opened drawing is paper: one can be freed, one taken back") func freed()
    async throws
  {
    let session = try await opened()
    let painted = try #require(session.color(x: elsewhere.x, y: elsewhere.y))
    await session.lockOrFree(x: place.x, y: place.y)
    await session.settled()
    #expect(session.color(x: place.x, y: place.y) == .white)
    session.fill(x: elsewhere.x, y: elsewhere.y, with: Sample.blue)
    await session.settled()
    #expect(session.color(x: elsewhere.x, y: elsewhere.y) == Sample.blue)
    session.undo()
    await session.settled()
    #expect(session.color(x: elsewhere.x, y: elsewhere.y) == painted)
  }

  @Test("of an opened drawing is paper at once, before regions are found") func clearedAtOnce()
    async throws
  {
    let former = try await opened()
    let session = Session(
      former.artwork, colors: former.shown?.colors, pace: Sample.quick,
      load: { throw NurieError.picture("No model.") })
    session.clearColors()
    await session.settled()
    #expect(session.color(x: place.x, y: place.y) == .white)
  }

  @Test("stands what a model painted, after a warning of memory too") func shrunk() async throws {
    let model = PaintingDouble()
    let session = try await Sample.session(model)
    let before = session.shown?.colors
    session.fill(x: place.x, y: place.y, with: Sample.red)
    await session.settled()
    await session.shrink()
    await model.fail(with: .picture("The double was told to fail."))
    session.draw(session.artwork.ink + [try Sample.line([(71, 71), (80, 80)])])
    await session.settled()
    #expect(session.color(x: place.x, y: place.y) == Sample.red)
    session.clearColors()
    await session.settled()
    #expect(session.shown?.colors == before)
  }

  @Test("a lock follows its region through a warning of memory") func followed() async throws {
    let session = try await Sample.session()
    session.fill(x: 38, y: 48, with: Sample.red)
    await session.settled()
    session.draw(session.artwork.ink + [try Sample.line([(43, 32), (43, 65)])])
    await session.shrink()
    await session.settled()
    #expect(session.color(x: 55, y: 48) == Sample.red)
    #expect(session.color(x: 37, y: 48) != Sample.red)
  }

  @Test("a model is asked only where lines or hints changed, or another one answers")
  func asked() async throws {
    let model = PaintingDouble()
    let session = try await Sample.session(model)
    let before = session.shown?.colors
    session.fill(x: place.x, y: place.y, with: Sample.red)
    await session.settled()
    #expect(session.color(x: place.x, y: place.y) == Sample.red)
    #expect(session.shown?.isPreview == false && session.activity == .idle)
    await session.lockOrFree(x: elsewhere.x, y: elsewhere.y)
    await session.settled()
    await session.lockOrFree(x: place.x, y: place.y)
    await session.settled()
    session.clearColors()
    await session.settled()
    await session.shrink()
    session.undo()
    await session.settled()
    session.clearColors()
    await session.settled()
    #expect(session.shown?.colors == before && session.shown?.isPreview == false)
    #expect(await model.asked == 1)
    session.touch(try Sample.hint(Sample.blue, at: place))
    await session.settled()
    #expect(await model.asked == 2)
    session.undo()
    await session.settled()
    #expect(await model.asked == 3)
    session.modelChanged()
    await session.settled()
    #expect(await model.asked == 4)
    session.draw(Array(session.artwork.ink.dropLast()))
    await session.settled()
    #expect(await model.asked == 5 && session.activity == .idle)
  }
}
