import Foundation
import NurieKit
import Testing

@testable import NurieStudio

@Suite("A gallery") struct GalleryTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("nurie-gallery-\(UUID().uuidString)")

  private func gallery() -> Gallery { Gallery(folder: folder, files: RawFiles()) }

  private func artwork() throws -> Artwork {
    var artwork = try Sample.blank()
    artwork.ink = try Sample.grid()
    artwork.sheet = Artwork.Sheet(
      picture: try StrokeRasteriser.lineart(
        [try Sample.line([(3, 4), (90, 80)]).stroke], width: 97, height: 97))
    artwork.hints = [try Sample.hint(Sample.blue, at: (20, 30))]
    artwork.locks = [RegionLock(x: 17, y: 18, color: Sample.red)]
    return artwork
  }

  private func colors(from first: Int = 0) throws -> Picture {
    try Picture(
      width: 97, height: 97, channels: .rgb,
      bytes: (first..<(first + 97 * 97 * 3)).map { UInt8($0 % 251) })
  }

  private func saved(
    _ artwork: Artwork, _ colors: Picture?, areColorsKnown: Bool = true
  ) async throws -> Saved {
    let lineart = try await ColoringEngine(previewSide: 1).lineart(of: artwork)
    return Saved(
      artwork: artwork, lineart: lineart, colors: colors, areColorsKnown: areColorsKnown)
  }

  /// Begins a drawing, saves it, and gives it back.
  private func save(_ artwork: Artwork, in gallery: Gallery) async throws -> UUID {
    let hold = await gallery.begin()
    try await gallery.save(try await saved(artwork, try colors()), by: hold)
    return hold.id
  }

  private func files(of id: UUID) throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: folder.appendingPathComponent(id.uuidString).path
    ).sorted()
  }

  @Test("gives back a drawing to the last bit, colours and the picture under it as well")
  func roundTrip() async throws {
    let (gallery, artwork) = (gallery(), try artwork())
    let opened = try await gallery.open(try await save(artwork, in: gallery))
    #expect(opened.artwork == artwork)
    #expect(try opened.colors == colors())
    #expect(opened.artwork.ink.map(\.stroke) == artwork.ink.map(\.stroke))
    #expect(opened.artwork.sheet?.picture == artwork.sheet?.picture)
  }

  @Test("shows the last saved first, and leaves out what is no drawing") func entries() async throws
  {
    let gallery = gallery()
    #expect(await gallery.entries().isEmpty)
    let one = try await save(try artwork(), in: gallery)
    let other = try await save(try artwork(), in: gallery)
    let old = Date(timeIntervalSinceNow: -3600)
    try FileManager.default.setAttributes(
      [.modificationDate: old],
      ofItemAtPath: folder.appendingPathComponent("\(other)/drawing.json").path)
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent(UUID().uuidString), withIntermediateDirectories: true)
    try Data("x".utf8).write(to: folder.appendingPathComponent("notes.txt"))
    #expect(await gallery.entries().map(\.id) == [one, other])
    let thumbnail = try RawFiles().picture(Data(contentsOf: await gallery.entries()[0].thumbnail))
    #expect((thumbnail.width, thumbnail.height) == (97, 97))
    let copy = try await gallery.duplicate(one)
    #expect(try await gallery.open(copy).artwork == gallery.open(one).artwork)
    try await gallery.delete(other)
    #expect(await Set(gallery.entries().map(\.id)) == [one, copy])
  }

  @Test("lets one window have a drawing at a time") func oneWindow() async throws {
    let gallery = gallery()
    let id = try await save(try artwork(), in: gallery)
    let opened = try await gallery.open(id)
    await #expect(throws: NurieError.self) { try await gallery.open(id) }
    await #expect(throws: NurieError.self) { try await gallery.delete(id) }
    opened.hold.release()
    let again = try await gallery.open(id)
    // What was released before releases nothing of whoever has it now.
    opened.hold.release()
    await #expect(throws: NurieError.self) { try await gallery.open(id) }
    again.hold.release()
  }

  @Test("a window that is gone, and closed nothing, locks nothing once its last save is done")
  @MainActor func goneWindow() async throws {
    let (gallery, gate) = (gallery(), Gate())
    let id = try await save(try artwork(), in: gallery)
    func window() async throws {
      let opened = try await gallery.open(id)
      let session = Session(
        id: id, opened.artwork, pace: Sample.quick, load: { PaintingDouble() },
        keep: {
          await gate.pass()
          try await gallery.save($0, by: opened.hold)
        })
      session.draw([])
      while await gate.count == 0 { await Task.yield() }
    }
    try await window()
    await #expect(throws: NurieError.self) { try await gallery.open(id) }
    await gate.open()
    var opened: Gallery.Opened?
    for _ in 0..<5000 where opened == nil {
      try await Task.sleep(for: .milliseconds(2))
      opened = try? await gallery.open(id)
    }
    #expect(opened?.artwork.ink == [])
  }

  @Test(
    "a window that has closed a drawing saves it no more: not over another's, nor a deleted one")
  func lateSave() async throws {
    let (gallery, before) = (gallery(), try artwork())
    let id = try await save(before, in: gallery)
    let opened = try await gallery.open(id)
    opened.hold.release()
    let late = try await saved(try Sample.blank(), nil)
    let other = try await gallery.open(id)
    await #expect(throws: NurieError.self) { try await gallery.save(late, by: opened.hold) }
    other.hold.release()
    await #expect(throws: NurieError.self) { try await gallery.save(late, by: other.hold) }
    #expect(try await gallery.open(id).artwork == before)
    try await gallery.delete(id)
    await #expect(throws: NurieError.self) { try await gallery.save(late, by: opened.hold) }
    #expect(await gallery.entries().isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("colours that are taken away leave the file; those that are not known yet stay in it")
  func clearedColors() async throws {
    let (gallery, artwork) = (gallery(), try artwork())
    let hold = await gallery.begin()
    try await gallery.save(try await saved(artwork, try colors()), by: hold)
    try await gallery.save(try await saved(artwork, nil, areColorsKnown: false), by: hold)
    hold.release()
    var opened = try await gallery.open(hold.id)
    #expect(try opened.colors == colors())
    #expect(try files(of: hold.id).count == 4)
    try await gallery.save(try await saved(artwork, nil), by: opened.hold)
    opened.hold.release()
    opened = try await gallery.open(hold.id)
    #expect(opened.colors == nil)
    let names = try files(of: hold.id)
    #expect(names.count == 3 && !names.contains { $0.hasPrefix("colors") })
  }

  @Test(
    "refuses a damaged drawing with a sentence, and leaves it as it is",
    arguments: [
      ("", "no JSON"), ("{\"drawing\": \"nurie-drawing/1\"}", "field width is missing"),
      ("{\"drawing\": \"nurie-drawing/9\", \"pages\": 3}", "version nurie-drawing/9"),
      (
        "{\"drawing\":\"nurie-drawing/1\",\"width\":9,\"height\":9,\"ink\":"
          + "[{\"id\":\"\(UUID())\",\"points\":[1,2]}],\"hints\":[],\"locks\":[]}",
        "a line has 2 numbers"
      ),
      (
        "{\"drawing\":\"nurie-drawing/1\",\"width\":9,\"height\":9,\"ink\":[],\"hints\":[],"
          + "\"locks\":[{\"x\":1,\"y\":1,\"color\":\"red\"}]}",
        "red is no colour"
      ),
      (
        "{\"drawing\":\"nurie-drawing/1\",\"width\":9000000000,\"height\":9000000000,\"ink\":[],"
          + "\"hints\":[],\"locks\":[]}",
        "1 to 12000000 pixels"
      ),
      (
        "{\"drawing\":\"nurie-drawing/1\",\"width\":9,\"height\":9,\"ink\":[],\"hints\":[],"
          + "\"locks\":[],\"sheet\":\"\(UUID())\"}",
        "missing or damaged"
      ),
    ]) func damaged(json: String, said: String) async throws
  {
    let (gallery, id) = (gallery(), UUID())
    let file = folder.appendingPathComponent("\(id)/drawing.json")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(json.utf8).write(to: file)
    do {
      _ = try await gallery.open(id)
      Issue.record("opened")
    } catch let error as NurieError {
      #expect(error.sentence.contains(said), "\(error.sentence)")
    }
    #expect(try Data(contentsOf: file) == Data(json.utf8))
    #expect(await gallery.entries().map(\.id) == [id])
  }

  @Test("a newer app's fields are read over") func newerFields() throws {
    let json =
      "{\"drawing\":\"nurie-drawing/1\",\"width\":9,\"height\":8,\"ink\":[],\"hints\":[],"
      + "\"locks\":[],\"title\":\"A cat\"}"
    #expect(try DrawingFile(json: Data(json.utf8)).artwork(sheet: nil).height == 8)
  }

  @Test(
    "a save that fails at any of its pictures leaves the former drawing whole, and nothing else",
    arguments: 1...4) func failedSave(good: Int) async throws
  {
    let before = try artwork()
    let id = try await save(before, in: gallery())
    let names = try files(of: id)
    var after = before
    after.ink = []
    after.sheet = Artwork.Sheet(picture: try #require(before.sheet?.picture))
    let late = try await saved(after, try colors(from: 7))
    let gallery = Gallery(folder: folder, files: FullDisk(after: good - 1))
    let opened = try await gallery.open(id)
    // Three pictures: the fourth time there is room for all.
    if good <= 3 {
      await #expect(throws: CocoaError.self) { try await gallery.save(late, by: opened.hold) }
      #expect(try files(of: id) == names)
    } else {
      try await gallery.save(late, by: opened.hold)
      #expect(try files(of: id).count == names.count)
    }
    let found = try await self.gallery().open(id)
    #expect(found.artwork == (good <= 3 ? before : after))
    #expect(try found.colors == colors(from: good <= 3 ? 0 : 7))
  }

  @Test("an imported drawing is kept although nobody has drawn on it") @MainActor
  func imported() async throws {
    let gallery = gallery()
    let hold = await gallery.begin()
    let traced = try Artwork(tracing: try #require(try artwork().sheet?.picture))
    let session = Session(
      id: hold.id, traced, isSaved: false, pace: Sample.quick, load: { PaintingDouble() },
      keep: { try await gallery.save($0, by: hold) })
    await session.settled()
    hold.release()
    #expect(try await gallery.open(hold.id).artwork == traced)
    #expect(!session.canUndo)
  }
}

/// Has room for some pictures, and then for none.
private final class FullDisk: PictureFiles, @unchecked Sendable {
  // The gallery, an actor, asks one after the other.
  private var room: Int

  init(after room: Int) { self.room = room }

  func png(_ picture: Picture) throws -> Data {
    guard room > 0 else { throw CocoaError(.fileWriteOutOfSpace) }
    room -= 1
    return try RawFiles().png(picture)
  }

  func picture(_ file: Data) throws -> Picture { try RawFiles().picture(file) }
}
