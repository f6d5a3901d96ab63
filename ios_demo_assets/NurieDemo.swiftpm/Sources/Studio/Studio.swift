import CoreGraphics
import Foundation
import NurieCoreML
import NurieKit
import NurieStudio
import Observation

/// What one window has in hand: a drawing, a tool, a colour.
@MainActor
@Observable
final class Studio {
  // Of the canvas's shorter side: the middle of the widths that nets are trained with.
  private static let brush = 1.0 / 32

  /// The drawing.
  let session: Session
  /// What a touch does.
  var tool: Tool = .pen {
    didSet { if tool != oldValue { previousTool = oldValue } }
  }
  /// The colour of brush and bucket.
  private(set) var paint: RGB = Paint.palette[0].color
  /// Colours that the model has for the region that was touched last, and for others.
  private(set) var proposals: [RGB] = []
  /// The colours below the ink, for the screen.
  private(set) var colors: CGImage?
  /// A picture under the ink, for the screen.
  private(set) var sheet: CGImage?
  /// A sentence about what went wrong last that is no colouring.
  var notice: String?

  @ObservationIgnored private var previousTool: Tool = .brush
  // As long as this window has the drawing, no other one opens it.
  @ObservationIgnored private let hold: Hold
  @ObservationIgnored private var sheetID: UUID?

  /// isSaved: false for a drawing that is kept although nobody has changed it yet. hold: of the
  /// drawing, from the library's gallery.
  init(
    _ artwork: Artwork, colors: Picture? = nil, isSaved: Bool = true, hold: Hold, library: Library
  ) {
    self.hold = hold
    let gallery = library.gallery
    session = Session(
      id: hold.id, artwork, colors: colors, isSaved: isSaved, load: { try await library.load() },
      keep: { try await gallery.save($0, by: hold) })
  }

  /// Points of the canvas: what the pen's places are measured in.
  var pageSize: CGSize {
    CGSize(
      width: Double(session.artwork.width) / CanvasSize.pixelsPerPoint,
      height: Double(session.artwork.height) / CanvasSize.pixelsPerPoint)
  }

  /// Width of the brush in points of the canvas.
  var brushWidth: Double { Self.brush * min(pageSize.width, pageSize.height) }

  /// Takes a colour in hand, and the brush with it where the tool at hand needs none.
  func choose(_ color: RGB) {
    paint = color
    if !tool.takesPaint { tool = .brush }
  }

  /// Does what the tool does at a place of the canvas, in points. points: of a stroke, one or more.
  func touch(_ points: [CGPoint]) {
    guard let first = points.first else { return }
    let scale = CanvasSize.pixelsPerPoint
    let (x, y) = (Int(first.x * scale), Int(first.y * scale))
    switch tool {
    case .pen:
      break
    case .brush:
      brush(points)
    case .bucket:
      session.fill(x: x, y: y, with: paint)
    case .lock:
      Task { await session.lockOrFree(x: x, y: y) }
    case .pick:
      if let color = session.color(x: x, y: y) {
        paint = color
        switchTool()
      }
    }
    Task { proposals = await session.proposals(x: x, y: y) }
  }

  /// Goes back to the tool before: what a double tap of the Pencil does.
  func switchTool() { tool = previousTool }

  /// Makes pictures for the screen of what the session shows, away from the main thread.
  func render() async {
    let shown = session.shown
    let made: CGImage?
    do {
      made = try await Self.image(shown?.colors)
    } catch {
      notice = ColoringError(error).sentence
      return
    }
    // Others may have come meanwhile.
    if shown == session.shown { colors = made }
  }

  /// The same for the picture under the ink.
  func renderSheet() async {
    let wanted = session.artwork.sheet
    guard wanted?.id != sheetID else { return }
    do {
      let made = try await Self.inkImage(wanted?.picture)
      // Another may have come meanwhile.
      guard wanted?.id == session.artwork.sheet?.id else { return }
      (sheet, sheetID) = (made, wanted?.id)
    } catch {
      notice = ColoringError(error).sentence
    }
  }

  /// Saves the drawing and gives it back to the gallery. Throws where it cannot be saved: it stays.
  func close() async throws {
    try await session.close()
    abandon()
  }

  /// Gives the drawing back as it was saved last.
  func abandon() { hold.release() }

  private func brush(_ points: [CGPoint]) {
    let scale = CanvasSize.pixelsPerPoint
    let width = brushWidth * scale
    do {
      let stroke = try Stroke(
        points: points.map {
          StrokePoint(x: Double($0.x) * scale, y: Double($0.y) * scale, width: width)
        })
      session.touch(
        HintStroke(stroke: stroke, red: paint.red, green: paint.green, blue: paint.blue))
    } catch {
      notice = error.sentence
    }
  }

  private nonisolated static func inkImage(_ lineart: Picture?) async throws -> CGImage? {
    try lineart.map { try PictureCoding.image(try InkComposition.inkLayer($0)) }
  }

  private nonisolated static func image(_ picture: Picture?) async throws -> CGImage? {
    try picture.map { try PictureCoding.image($0) }
  }
}
