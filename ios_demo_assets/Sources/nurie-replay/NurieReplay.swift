import Foundation
import NurieKit
import NurieStudio

/// Colours every drawing of a gallery as the app does, with a model that another program runs.
///
///     nurie-replay GALLERY WIDTH HEIGHT THINNEST THICKEST
///
/// WIDTH, HEIGHT: of the model's pictures. THINNEST, THICKEST: lines to draw for it, in its pixels.
/// For each drawing, line art of that size goes to standard output, a byte a pixel, and hints, RGBA,
/// 0 where there are none; the layer is expected on standard input, RGB. The colours stand in the
/// gallery then, as PPM.
/// `tests/ios_demo_assets/test_replay.py` is that other program.
@main
struct NurieReplay {
  static func main() async {
    let words = CommandLine.arguments.dropFirst()
    let numbers = words.dropFirst().compactMap { Double($0) }
    guard words.count == 5, numbers.count == 4, let folder = words.first,
      numbers.allSatisfy({ $0 > 0 }), numbers[2] <= numbers[3]
    else {
      return end("Expected nurie-replay GALLERY WIDTH HEIGHT THINNEST THICKEST.")
    }
    let model = PipedModel(
      width: Int(numbers[0]), height: Int(numbers[1]), linesPX: numbers[2]...numbers[3])
    let gallery = Gallery(folder: URL(fileURLWithPath: folder), files: PortableMaps())
    for entry in await gallery.entries() {
      do {
        let opened = try await gallery.open(entry.id)
        let session = Session(
          id: entry.id, opened.artwork, pace: Pace(rest: .zero, save: .zero), load: { model },
          keep: { try await gallery.save($0, by: opened.hold) })
        await session.settled()
        if case .failed(let sentence) = session.activity { return end(sentence) }
        session.saveNow()
        await session.settled()
        if let sentence = session.saveFailure { return end(sentence) }
      } catch {
        return end("\(entry.id): \(error.localizedDescription)")
      }
    }
  }

  private static func end(_ sentence: String) {
    FileHandle.standardError.write(Data("error: \(sentence)\n".utf8))
    exit(2)
  }
}
