import Foundation
import NurieKit
import Testing

@testable import NurieStudio

@Suite("Saving as one goes") @MainActor struct SavingTests {
  private let gallery = Gallery(
    folder: FileManager.default.temporaryDirectory
      .appendingPathComponent("nurie-saving-\(UUID().uuidString)"),
    files: RawFiles())

  private func session(
    _ artwork: Artwork, _ hold: Hold, colors: Picture? = nil, pace: Pace = Sample.quick
  ) -> Session {
    let gallery = gallery
    return Session(
      id: hold.id, artwork, colors: colors, pace: pace, load: { PaintingDouble() },
      keep: { try await gallery.save($0, by: hold) })
  }

  @Test("a session saves as one goes, and says when it cannot") func saving() async throws {
    let hold = await gallery.begin()
    let session = session(try Sample.blank(), hold)
    await session.settled()
    #expect(await gallery.entries().isEmpty)  // nobody has drawn yet
    session.draw(try Sample.grid())
    await session.settled()
    hold.release()
    let opened = try await gallery.open(hold.id)
    #expect(opened.artwork == session.artwork && opened.colors == session.shown?.colors)
    let again = Session(
      opened.artwork, colors: opened.colors, pace: Sample.quick, load: { PaintingDouble() },
      keep: { _ in throw NurieError.picture("The disk is full.") })
    #expect(again.shown?.colors == opened.colors)
    again.undo()
    #expect(again.artwork == opened.artwork)
    again.draw([])
    await again.settled()
    #expect(again.saveFailure == "The disk is full.")
  }

  @Test("who draws without a pause is saved too") func noPause() async throws {
    let kept = Kept()
    // Each change comes before any time to wait has passed.
    let pace = Pace(rest: .seconds(600), save: .milliseconds(40), previewSide: 4096) { duration in
      if duration > .zero { try await Task.sleep(for: .seconds(600)) }
    }
    let session = Session(
      try Sample.blank(), pace: pace, load: { PaintingDouble() }, keep: { await kept.add($0) })
    for step in 0..<200 where await kept.count == 0 {
      session.draw([try Sample.line([(2, Double(2 + step % 90)), (90, 50)])])
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(await kept.count > 0)
    session.setActive(false)
    await session.settled()
    #expect(await kept.last?.artwork == session.artwork)
  }

  @Test("closing reads what still stands on the canvas, and saves it, whatever the model does")
  func lastStroke() async throws {
    let (hold, model, atModel, reading) = (await gallery.begin(), PaintingDouble(), Gate(), Gate())
    await model.wait(at: atModel)
    let gallery = gallery
    let slow = Pace(rest: .zero, save: .seconds(600), previewSide: 4096)
    let session = Session(
      id: hold.id, try Sample.blank(), pace: slow, load: { model },
      keep: { try await gallery.save($0, by: hold) })
    let ink = try Sample.grid()
    session.draw([ink[0]])
    while await atModel.count == 0 { await Task.yield() }
    session.follow(
      Task {
        await reading.pass()
        session.draw(ink)
      })
    let closing = Task { try await session.close() }
    while await reading.count == 0 { await Task.yield() }
    await reading.open()
    try await closing.value
    hold.release()
    #expect(try await gallery.open(hold.id).artwork.ink == ink)
    await atModel.open()
  }

  @Test("closing says that the drawing could not be saved; the session goes on, and tries again")
  func failedClose() async throws {
    let kept = Kept()
    await kept.fail(true)
    let session = try await Sample.session(keep: { try await kept.keep($0) })
    await #expect(throws: NurieError.picture("The disk is full.")) { try await session.close() }
    #expect(session.saveFailure == "The disk is full.")
    session.draw([])
    await session.settled()
    #expect(session.activity == .idle && session.shown == nil)
    await kept.fail(false)
    try await session.close()
    #expect(await kept.last?.artwork.ink == [])
    #expect(session.saveFailure == nil)
  }

  @Test("a page that was cleared, and left at once, has no colours when it is opened again")
  func cleared() async throws {
    var hold = await gallery.begin()
    let first = session(try Sample.blank(), hold)
    first.draw(try Sample.grid())
    await first.settled()
    try await first.close()
    hold.release()
    var opened = try await gallery.open(hold.id)
    #expect(opened.colors != nil)
    hold = opened.hold
    let second = session(opened.artwork, hold, colors: opened.colors)
    second.clear()
    try await second.close()
    hold.release()
    opened = try await gallery.open(hold.id)
    #expect(opened.artwork.isEmpty && opened.colors == nil)
  }

  /// Keeps what it is given to keep, where it can.
  private actor Kept {
    private(set) var count = 0
    private(set) var last: Saved?
    private var fails = false

    func fail(_ fails: Bool) { self.fails = fails }

    func add(_ saved: Saved) { (count, last) = (count + 1, saved) }

    func keep(_ saved: Saved) throws {
      guard !fails else { throw NurieError.picture("The disk is full.") }
      add(saved)
    }
  }
}
