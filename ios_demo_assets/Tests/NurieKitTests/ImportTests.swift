import Foundation
import Testing

@testable import NurieKit

@Suite("An imported picture") struct ImportTests {
  struct Cases: Decodable {
    let rgba, on_paper, grey, averaged, padded: Goldens.Pixels
    let top, left: Int
  }
  let cases: Cases

  init() throws { cases = try Goldens.load(Cases.self, "imports") }

  @Test("with opacity lies on white paper as in Python") func onPaper() throws {
    #expect(try cases.rgba.picture.onPaper() == cases.on_paper.picture)
  }

  @Test("turns grey as OpenCV makes it") func grey() throws {
    #expect(try cases.on_paper.picture.grey() == cases.grey.picture)
    #expect(try cases.rgba.picture.grey() == cases.grey.picture)
  }

  @Test("is scaled down by areas as by OpenCV, to one level") func averaged() throws {
    // OpenCV sums in 32-bit floats, we in 64: a half may fall to either side.
    let ours = try cases.on_paper.picture.averaged(width: 6, height: 5)
    let quality = zip(ours.bytes, [UInt8](cases.averaged.bytes)).map { abs(Int($0) - Int($1)) }
    #expect(ours.width == 6 && ours.height == 5)
    #expect(quality.max() ?? 255 <= 1)
  }

  @Test("averages by hand: three pixels to two") func averagedByHand() throws {
    let averaged = try NurieKitTests.grey([[0, 90, 30]]).averaged(width: 2, height: 1)
    #expect(averaged.bytes == [30, 50])
  }

  @Test("cannot be enlarged by averaging") func enlarged() {
    #expect(
      sentence { _ = try NurieKitTests.grey([[0]]).averaged(width: 2, height: 1) }
        .contains("smaller size than 1 x 1"))
  }

  @Test("is padded with paper as in Python, and cropped back") func padded() throws {
    let (drawing, sheet) = (try cases.grey.picture, try cases.padded.picture)
    let padding = try PaperPadding(
      width: drawing.width, height: drawing.height, to: sheet.width, by: sheet.height)
    #expect(padding.top == cases.top && padding.left == cases.left)
    #expect(try padding.pad(drawing) == sheet)
    #expect(try padding.crop(sheet) == drawing)
  }

  @Test("larger than its sheet is refused") func tooLarge() {
    let said = sentence { _ = try PaperPadding(width: 65, height: 1, to: 64, by: 64) }
    #expect(said.contains("64 x 64") && said.contains("received 65 x 1"))
  }

  @Test("becomes opaque on a screen") func rgba() throws {
    #expect(try NurieKitTests.grey([[7]]).rgba().bytes == [7, 7, 7, 255])
  }
}
