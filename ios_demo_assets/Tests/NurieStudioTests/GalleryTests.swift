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

  @discardableResult
  private func save(_ artwork: Artwork, in gallery: Gallery, as id: UUID) async throws -> Picture {
    let colors = try Picture(
      width: 97, height: 97, channels: .rgb,
      bytes: (0..<(97 * 97 * 3)).map { UInt8($0 % 251) })
    let lineart = try await ColoringEngine(previewSide: 1).lineart(of: artwork)
    try await gallery.save(
      Saved(artwork: artwork, lineart: lineart, colors: colors), as: id)
    return colors
  }

  @Test("gives back a drawing to the last bit, colours and the picture under it as well")
  func roundTrip() async throws {
    let (gallery, id, artwork) = (gallery(), UUID(), try artwork())
    let colors = try await save(artwork, in: gallery, as: id)
    let opened = try await gallery.open(id)
    #expect(opened.artwork == artwork && opened.colors == colors)
    #expect(opened.artwork.ink.map(\.stroke) == artwork.ink.map(\.stroke))
    #expect(opened.artwork.sheet?.picture == artwork.sheet?.picture)
  }

  @Test("shows the last saved first, and leaves out what is no drawing") func entries() async throws
  {
    let (gallery, one, other) = (gallery(), UUID(), UUID())
    #expect(await gallery.entries().isEmpty)
    try await save(try artwork(), in: gallery, as: one)
    try await save(try artwork(), in: gallery, as: other)
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
    let (gallery, id) = (gallery(), UUID())
    try await save(try artwork(), in: gallery, as: id)
    _ = try await gallery.open(id)
    await #expect(throws: NurieError.self) { try await gallery.open(id) }
    await #expect(throws: NurieError.self) { try await gallery.delete(id) }
    await gallery.close(id)
    _ = try await gallery.open(id)
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

  @Test("a save that fails leaves the former drawing whole") func failedSave() async throws {
    struct FullDisk: PictureFiles {
      func png(_ picture: Picture) throws -> Data { throw CocoaError(.fileWriteOutOfSpace) }
      func picture(_ file: Data) throws -> Picture { try RawFiles().picture(file) }
    }
    let (id, before) = (UUID(), try artwork())
    try await save(before, in: gallery(), as: id)
    var after = before
    after.ink = []
    await #expect(throws: CocoaError.self) {
      try await save(after, in: Gallery(folder: folder, files: FullDisk()), as: id)
    }
    #expect(try await gallery().open(id).artwork == before)
  }

  @Test("an imported drawing is kept although nobody has drawn on it") @MainActor
  func imported() async throws {
    let (gallery, id) = (gallery(), UUID())
    let traced = try Artwork(tracing: try #require(try artwork().sheet?.picture))
    let session = Session(
      id: id, traced, isSaved: false, pace: Sample.quick, load: { PaintingDouble() },
      keep: { try await gallery.save($0, as: id) })
    await session.settled()
    #expect(try await gallery.open(id).artwork == traced)
    #expect(!session.canUndo)
  }

  @Test("a session saves as one goes, and says when it cannot") @MainActor
  func saving() async throws {
    let (gallery, id) = (gallery(), UUID())
    let session = Session(
      id: id, try Sample.blank(), pace: Sample.quick, load: { PaintingDouble() },
      keep: { try await gallery.save($0, as: id) })
    await session.settled()
    #expect(await gallery.entries().isEmpty)  // nobody has drawn yet
    session.draw(try Sample.grid())
    await session.settled()
    let opened = try await gallery.open(id)
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
}
