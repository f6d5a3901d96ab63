import Foundation
import NurieKit

/// The drawings of a folder, one folder each: `drawing.json`, and the pictures that belong to it.
///
/// The folder is the index: a list of its own could disagree with it. A drawing is replaced whole,
/// or not at all; one that cannot be read is refused with a sentence and stays where it is.
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
  }

  // Pixels of a thumbnail's longer side: a quarter of a telephone's width, at three pixels a point.
  private static let thumbnailSide = 384
  private static let drawingName = "drawing.json"
  private static let colorsName = "colors.png"
  private static let thumbnailName = "thumbnail.png"

  private let folder: URL
  private let files: any PictureFiles
  /// Drawings that a window has open.
  private var taken: Set<UUID> = []

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
    guard !taken.contains(id) else {
      throw NurieError.picture("This drawing is open in another window. Close it there first.")
    }
    let read = try read(id)
    taken.insert(id)
    return read
  }

  /// Notes that a window has begun a new drawing of that identity.
  public func begin(_ id: UUID) { taken.insert(id) }

  /// Notes that a window has closed a drawing.
  public func close(_ id: UUID) { taken.remove(id) }

  /// Reads a drawing without opening it.
  func read(_ id: UUID) throws -> Opened {
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
    let colors = (try? Data(contentsOf: home.appendingPathComponent(Self.colorsName)))
      .flatMap { try? files.picture($0).onPaper() }
      .flatMap {
        $0.channels == .rgb && ($0.width, $0.height) == (artwork.width, artwork.height) ? $0 : nil
      }
    return Opened(artwork: artwork, colors: colors)
  }

  /// Saves a drawing: its pictures first, each whole or not at all, then the drawing itself.
  ///
  /// Where its colours are not known, those that were saved before stay.
  public func save(_ saved: Saved, as id: UUID) throws {
    let (artwork, home) = (saved.artwork, place(id))
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    if let sheet = artwork.sheet {
      let file = home.appendingPathComponent(sheetName(sheet.id))
      if !FileManager.default.fileExists(atPath: file.path) {
        try files.png(sheet.picture).write(to: file, options: .atomic)
      }
    }
    if let colors = saved.colors {
      try files.png(colors).write(
        to: home.appendingPathComponent(Self.colorsName), options: .atomic)
    }
    try files.png(try Self.thumbnail(of: saved)).write(
      to: home.appendingPathComponent(Self.thumbnailName), options: .atomic)
    try DrawingFile(artwork).json().write(
      to: home.appendingPathComponent(Self.drawingName), options: .atomic)
    try removeOldSheets(of: artwork, in: home)
  }

  /// Copies a drawing as another one, and says which.
  public func duplicate(_ id: UUID) throws -> UUID {
    let copy = UUID()
    try FileManager.default.copyItem(at: place(id), to: place(copy))
    return copy
  }

  /// Deletes a drawing. Throws for one that a window has open.
  public func delete(_ id: UUID) throws {
    guard !taken.contains(id) else {
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

  /// Removes sheets that the saved drawing does not name.
  private func removeOldSheets(of artwork: Artwork, in home: URL) throws {
    let kept = artwork.sheet.map { sheetName($0.id) }
    for name in try FileManager.default.contentsOfDirectory(atPath: home.path)
    where name.hasPrefix("sheet-") && name != kept {
      try FileManager.default.removeItem(at: home.appendingPathComponent(name))
    }
  }
}
