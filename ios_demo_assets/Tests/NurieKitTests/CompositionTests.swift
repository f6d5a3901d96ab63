import Testing

@testable import NurieKit

@Suite("Colour below ink") struct CompositionTests {
  struct Cases: Decodable {
    let layer, lineart, under_ink: Goldens.Pixels
  }

  @Test("is what Python makes of it, byte for byte") func golden() throws {
    let cases = try Goldens.load(Cases.self, "pixels")
    let finished = try InkComposition.underInk(
      try cases.layer.picture, lineart: try cases.lineart.picture)
    #expect(try finished == cases.under_ink.picture)
  }

  @Test("shows on paper, and leaves black ink black") func underInk() throws {
    let color = try Picture(
      width: 3, height: 1, channels: .rgb, bytes: [10, 20, 30, 10, 20, 30, 255, 128, 0])
    let finished = try InkComposition.underInk(color, lineart: try grey([[255, 0, 128]]))
    // 255 x 128 / 255 = 128; 128 x 128 / 255 = 64.25.
    #expect(finished.bytes == [10, 20, 30, 0, 0, 0, 128, 64, 0])
  }

  @Test("is guessed below ink, from what is nearest and clean") func beneath() throws {
    let color = try Picture(
      width: 5, height: 1, channels: .rgb,
      bytes: [9, 9, 9, 1, 1, 1, 0, 0, 0, 2, 2, 2, 50, 60, 70])
    let layer = try InkComposition.layerBeneath(color, lineart: try grey([[240, 90, 0, 20, 230]]))
    #expect(layer.bytes == [9, 9, 9, 9, 9, 9, 9, 9, 9, 50, 60, 70, 50, 60, 70])
    let black = try InkComposition.layerBeneath(color, lineart: try grey([[0, 0, 0, 0, 229]]))
    #expect(black == (try .paper(width: 5, height: 1, channels: .rgb)))
  }

  @Test("has an ink layer as opaque as the line is dark") func layer() throws {
    let layer = try InkComposition.inkLayer(try grey([[255, 0, 55]]))
    #expect(layer.bytes == [0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 200])
  }

  @Test("of another size is refused") func sizes() throws {
    let color = try Picture.paper(width: 2, height: 1, channels: .rgb)
    #expect(
      sentence { _ = try InkComposition.underInk(color, lineart: try grey([[0]])) }
        .contains("received 1 x 1 and 2 x 1"))
  }
}
