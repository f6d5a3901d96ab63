import Foundation
import NurieKit
import Testing

@testable import NurieStudio

/// Recorded strokes, played again.
@Suite("A session, played again") @MainActor struct ReplayTests {
  @Test(
    "keeps locked and hinted colours through every stroke that is drawn elsewhere", arguments: 0..<3
  )
  func colorsStay(seed: Int) async throws {
    let session = try await Sample.session()
    let (locked, hinted) = (Sample.middle(0, 0), Sample.middle(2, 2))
    session.fill(x: locked.x, y: locked.y, with: Sample.red)
    session.touch(try Sample.hint(Sample.blue, at: hinted))
    await session.settled()
    var random = Sample.Lehmer(seed: seed)
    for _ in 0..<8 {
      // Within another field, of any shape.
      let field = [(1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (0, 2), (1, 2)][random.next(below: 7)]
      let points = (0..<(2 + random.next(below: 5))).map { _ in
        (
          Double(6 + 31 * field.0 + random.next(below: 23)),
          Double(6 + 31 * field.1 + random.next(below: 23))
        )
      }
      session.draw(session.artwork.ink + [try Sample.line(points)])
      // Now and then the next stroke comes before the last one is coloured.
      if random.next(below: 2) == 0 { await session.settled() }
      #expect(session.color(x: locked.x, y: locked.y) == Sample.red)
    }
    await session.settled()
    for dx in -9...9 {
      #expect(session.color(x: locked.x + dx, y: locked.y + dx) == Sample.red)
      #expect(session.color(x: hinted.x + dx, y: hinted.y - dx) == Sample.blue)
    }
    #expect(session.activity == .idle)
  }

  @Test("a lock follows its region when a line is drawn over the place where it was set")
  func lockIsMoved() async throws {
    let session = try await Sample.session()
    // Left of the middle, in the part that will be the smaller one.
    session.fill(x: 38, y: 48, with: Sample.red)
    await session.settled()
    session.draw(session.artwork.ink + [try Sample.line([(43, 32), (43, 65)])])
    await session.settled()
    #expect(session.color(x: 55, y: 48) == Sample.red)
    #expect(session.color(x: 37, y: 48) != Sample.red)
    #expect(session.artwork.locks.count == 1 && session.artwork.locks[0].x > 43)
    session.undo()
    await session.settled()
    #expect(session.artwork.locks == [RegionLock(x: 38, y: 48, color: Sample.red)])
    #expect(session.color(x: 37, y: 48) == Sample.red)
    session.redo()
    await session.settled()
    #expect(session.color(x: 37, y: 48) != Sample.red)
    #expect(session.color(x: 55, y: 48) == Sample.red)
  }

  @Test("undo brings back every byte, of lines and of colours, in one history")
  func undoRestoresBytes() async throws {
    let session = try await Sample.session()
    let place = Sample.middle(1, 1)
    let changes: [(Session) throws -> Void] = [
      { $0.fill(x: place.x, y: place.y, with: Sample.red) },
      { $0.draw($0.artwork.ink + [try Sample.line([(5, 5), (25, 28)])]) },
      { $0.touch(try Sample.hint(Sample.green, at: Sample.middle(2, 0))) },
      { $0.fill(x: 17, y: 80, with: Sample.blue) },
      { $0.draw(Array($0.artwork.ink.dropFirst(3))) },
      { $0.clearColors() },
      { $0.clear() },
    ]
    var states: [(Artwork, Data, [UInt8]?)] = []
    func note() async throws -> (Artwork, Data, [UInt8]?) {
      await session.settled()
      return (
        session.artwork, try DrawingFile(session.artwork).json(), session.shown?.colors.bytes
      )
    }
    states.append(try await note())
    for change in changes {
      try change(session)
      states.append(try await note())
    }
    #expect(session.shown == nil && session.artwork.isEmpty)
    for state in states.dropLast().reversed() {
      session.undo()
      let now = try await note()
      #expect(now.0 == state.0 && now.1 == state.1 && now.2 == state.2)
    }
    for state in states.dropFirst() {
      session.redo()
      let now = try await note()
      #expect(now.0 == state.0 && now.1 == state.1 && now.2 == state.2)
    }
    #expect(!session.canRedo)
  }

  @Test("500 strokes and one more: one is converted, and one is drawn") func oneMore() async throws
  {
    var ledger = StrokeLedger<Int>()
    var random = Sample.Lehmer(seed: 3)
    let recorded = (0..<501).map { number in
      (
        number,
        (0..<4).map { _ in (Double(random.next(below: 97)), Double(random.next(below: 97))) }
      )
    }
    func lines(_ strokes: [(Int, [(Double, Double)])]) throws -> [InkLine] {
      try ledger.lines(of: strokes, key: \.0) { [try Sample.line($0.1, width: 1).stroke] }
    }
    let engine = ColoringEngine(previewSide: 4096)
    var artwork = try Sample.blank()
    artwork.ink = try lines(Array(recorded.dropLast()))
    _ = try await engine.lineart(of: artwork)
    let before = (ledger.conversions, await engine.rasterised)
    artwork.ink = try lines(recorded)
    let drawn = try await engine.lineart(of: artwork)
    let after = (ledger.conversions, await engine.rasterised)
    #expect(before == (500, 500) && after == (501, 501))
    let whole = try StrokeRasteriser.lineart(
      artwork.ink.map(\.stroke), width: Sample.side, height: Sample.side)
    #expect(drawn == whole)
  }

  @Test("two windows have nothing in common but the model") func windows() async throws {
    let model = PaintingDouble()
    let (one, other) = (try await Sample.session(model), try await Sample.session(model))
    let before = other.shown?.colors
    let place = Sample.middle(0, 2)
    one.fill(x: place.x, y: place.y, with: Sample.green)
    one.draw([])
    one.undo()
    await one.settled()
    one.setActive(false)
    await other.settled()
    #expect(one.color(x: place.x, y: place.y) == Sample.green)
    #expect(other.shown?.colors == before && other.activity == .idle)
    #expect(one.activity == .paused)
    #expect(!other.artwork.ink.isEmpty && other.artwork.locks.isEmpty)
  }
}
