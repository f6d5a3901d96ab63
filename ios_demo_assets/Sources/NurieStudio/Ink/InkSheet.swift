import NurieKit

/// The line art of a drawing that goes on: what is new is drawn over what is there.
struct InkSheet: Sendable {
  private var lines = Artwork.Lines(sheet: nil, ink: [])
  private var drawn: Picture?
  /// Lines that were rasterised since it was begun.
  private(set) var rasterised = 0

  /// The line art: grey, paper 255, of the canvas's size.
  ///
  /// Throws for a sheet of another size.
  mutating func lineart(of artwork: Artwork) throws(NurieError) -> Picture {
    let wanted = artwork.lines
    if let drawn, wanted == lines { return drawn }
    let goesOn =
      wanted.sheet == lines.sheet && wanted.ink.starts(with: lines.ink)
      && drawn.map { ($0.width, $0.height) == (artwork.width, artwork.height) } ?? false
    let below: Picture
    if goesOn, let drawn {
      below = drawn
    } else if let sheet = artwork.sheet?.picture {
      guard (sheet.width, sheet.height) == (artwork.width, artwork.height) else {
        throw .picture(
          "Expected a sheet of the canvas's size, \(artwork.width) x \(artwork.height), received "
            + "\(sheet.width) x \(sheet.height).")
      }
      below = sheet
    } else {
      below = try .paper(width: artwork.width, height: artwork.height)
    }
    let new = artwork.ink.dropFirst(goesOn ? lines.ink.count : 0)
    let picture = try StrokeRasteriser.lineart(new.map(\.stroke), over: below)
    rasterised += new.count
    (lines, drawn) = (wanted, picture)
    return picture
  }
}
