import Foundation
import NurieKit

/// The drawings of a folder, one folder each: `drawing.json`, and the pictures that belong to it.
///
/// The folder is the index: a list of its own could disagree with it. A drawing is replaced whole,
/// or not at all: `drawing.json` names its pictures, which are never overwritten. One that cannot be
/// read is refused with a sentence and stays where it is.
public actor Gallery {
  /// A drawing as the gallery shows it.
  public struct Entry: Equatable, Identifiable, Sendable {
    /// Of the drawing.
    public let id: UUID
    /// When it was saved last.
    public let saved: Date
    /// A small picture of it; the file may be missing.
    public let thumbnail: URL
  }

  /// A drawing that was read.
  public struct Opened: Sendable {
    /// All that is kept of it.
    public let artwork: Artwork
    /// Its colours when it was saved; nil: there were none, or their file is damaged.
    public let colors: Picture?
    /// What keeps other windows away from it, and lets this one save it.
    public let hold: Hold
  }

  // Pixels of a thumbnail's longer side: a quarter of a telephone's width, at three pixels a point.
  private static let thumbnailSide = 384
  private static let drawingName = "drawing.json"
  private static let thumbnailName = "thumbnail.png"

  private let folder: URL
  private let files: any PictureFiles
  /// Drawings that a window has open.
  private let holds = Holds()

  /// Takes a folder, which is made when the first drawing is saved.
  public init(folder: URL, files: any PictureFiles) {
    self.folder = folder
    self.files = files
  }

  /// All drawings, the one that was saved last first. Folders that are none are left out.
  public func entries() -> [Entry] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.compactMap { name -> Entry? in
      guard let id = UUID(uuidString: name) else { return nil }
      let file = place(id).appendingPathComponent(Self.drawingName)
      let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
      guard let saved = attributes?[.modificationDate] as? Date else { return nil }
      return Entry(
        id: id, saved: saved, thumbnail: place(id).appendingPathComponent(Self.thumbnailName))
    }.sorted { ($1.saved, $0.id.uuidString) < ($0.saved, $1.id.uuidString) }
  }

  /// Opens a drawing for one window. Throws for one that another has open, and for a damaged one.
  public func open(_ id: UUID) throws -> Opened {
    guard let hold = holds.take(id) else {
      throw NurieError.picture("This drawing is open in another window. Close it there first.")
    }
    return try read(id, hold)
  }

  /// Begins a new drawing, which has a folder once it is saved.
  public func begin() -> Hold {
    while true { if let hold = holds.take(UUID()) { return hold } }
  }

  private func read(_ id: UUID, _ hold: Hold) throws -> Opened {
    let home = place(id)
    let json: Data
    do {
      json = try Data(contentsOf: home.appendingPathComponent(Self.drawingName))
    } catch {
      throw NurieError.picture(
        "This drawing cannot be read (\(error.localizedDescription)). It was left as it is.")
    }
    let file = try DrawingFile(json: json)
    var sheet: Picture?
    if let id = file.sheet {
      do {
        sheet = try files.picture(
          try Data(contentsOf: home.appendingPathComponent(sheetName(id)))
        ).grey()
      } catch {
        throw NurieError.picture(
          "The picture under this drawing is missing or damaged. The drawing was left as it is.")
      }
    }
    let artwork = try file.artwork(sheet: sheet)
    // Colours are painted anew where their file is damaged.
    let colors = file.colors
      .flatMap { try? Data(contentsOf: home.appendingPathComponent(colorsName($0))) }
      .flatMap { try? files.picture($0).onPaper() }
      .flatMap {
        $0.channels == .rgb && ($0.width, $0.height) == (artwork.width, artwork.height) ? $0 : nil
      }
    return Opened(artwork: artwork, colors: colors, hold: hold)
  }

  /// Saves a drawing: its pictures first, beside those of before, then the drawing, which names
  /// them. The thumbnail follows, as it belongs to no state, and what is named no more goes last.
  ///
  /// Where its colours are not known, those that were saved before stay. Throws for a hold that was
  /// released: another window may have the drawing, or it was deleted.
  public func save(_ saved: Saved, by hold: Hold) throws {
    guard hold.isHeld(in: holds) else {
      throw NurieError.picture(
        "This drawing was closed, and what was drawn since is not saved. Open it again.")
    }
    let (artwork, home) = (saved.artwork, place(hold.id))
    let thumbnail = try files.png(try Self.thumbnail(of: saved))
    let colors = try saved.colors.map { (UUID(), try files.png($0)) }
    let drawing = DrawingFile(
      artwork, colors: colors?.0 ?? (saved.areColorsKnown ? nil : savedColors(in: home)))
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    do {
      if let sheet = artwork.sheet {
        let file = home.appendingPathComponent(sheetName(sheet.id))
        if !FileManager.default.fileExists(atPath: file.path) {
          try files.png(sheet.picture).write(to: file, options: .atomic)
        }
      }
      if let (id, png) = colors {
        try png.write(to: home.appendingPathComponent(colorsName(id)), options: .atomic)
      }
      try drawing.json().write(
        to: home.appendingPathComponent(Self.drawingName), options: .atomic)
    } catch {
      // A full disk is not filled further, with colours that nothing names.
      if let (id, _) = colors {
        try? FileManager.default.removeItem(at: home.appendingPathComponent(colorsName(id)))
      }
      throw error
    }
    try thumbnail.write(to: home.appendingPathComponent(Self.thumbnailName), options: .atomic)
    try removePictures(notOf: drawing, in: home)
  }

  /// Copies a drawing as another one, and says which.
  public func duplicate(_ id: UUID) throws -> UUID {
    let copy = UUID()
    try FileManager.default.copyItem(at: place(id), to: place(copy))
    return copy
  }

  /// Deletes a drawing. Throws for one that a window has open.
  public func delete(_ id: UUID) throws {
    guard !holds.isTaken(id) else {
      throw NurieError.picture("This drawing is open in a window. Close it there first.")
    }
    try FileManager.default.removeItem(at: place(id))
  }

  /// What a drawing looks like, small: never larger than it is.
  private static func thumbnail(of saved: Saved) throws(NurieError) -> Picture {
    let lineart = saved.lineart
    let longer = max(lineart.width, lineart.height)
    let side = min(longer, thumbnailSide)
    let (width, height) = (
      max(1, lineart.width * side / longer), max(1, lineart.height * side / longer)
    )
    let ink = try lineart.averaged(width: width, height: height)
    let under =
      if let colors = saved.colors { try colors.averaged(width: width, height: height) } else {
        try Picture.paper(width: width, height: height, channels: .rgb)
      }
    return try InkComposition.underInk(under, lineart: ink)
  }

  private func place(_ id: UUID) -> URL { folder.appendingPathComponent(id.uuidString) }

  private func sheetName(_ id: UUID) -> String { "sheet-\(id.uuidString).png" }

  private func colorsName(_ id: UUID) -> String { "colors-\(id.uuidString).png" }

  /// The colours that the saved drawing names.
  private func savedColors(in home: URL) -> UUID? {
    (try? Data(contentsOf: home.appendingPathComponent(Self.drawingName)))
      .flatMap { try? DrawingFile(json: $0).colors }
  }

  /// Removes pictures that the saved drawing does not name.
  private func removePictures(notOf drawing: DrawingFile, in home: URL) throws {
    let kept = [drawing.sheet.map { sheetName($0) }, drawing.colors.map { colorsName($0) }]
    for name in try FileManager.default.contentsOfDirectory(atPath: home.path)
    where (name.hasPrefix("sheet-") || name.hasPrefix("colors")) && !kept.contains(name) {
      try FileManager.default.removeItem(at: home.appendingPathComponent(name))
    }
  }
}
