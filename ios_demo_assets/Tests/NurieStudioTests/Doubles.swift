import Foundation
import NurieKit

@testable import NurieStudio

/// Paints each pixel by its place, or by its hint: known beforehand, and another colour everywhere.
actor PaintingDouble: Colorist {
  nonisolated let width: Int, height: Int
  nonisolated let linesPX: ClosedRange<Double> = 1.5...2.5
  nonisolated let takesHints: Bool
  /// How often it was asked.
  private(set) var asked = 0
  private var failure: NurieError?
  private var gate: Gate?

  init(width: Int = 64, height: Int = 64, takesHints: Bool = true) {
    (self.width, self.height, self.takesHints) = (width, height, takesHints)
  }

  /// From now on it fails with this, or works again.
  func fail(with error: NurieError?) { failure = error }

  /// From now on it waits at the gate.
  func wait(at gate: Gate?) { self.gate = gate }

  func paint(_ lineart: Picture, hints: Hints?) async throws -> Picture {
    asked += 1
    await gate?.pass()
    if let failure { throw failure }
    var bytes: [UInt8] = []
    for y in 0..<lineart.height {
      for x in 0..<lineart.width {
        if let hints, hints.picture[x, y, 3] > 0 {
          bytes += (0..<3).map { hints.picture[x, y, $0] }
        } else {
          // One colour a quarter of the sheet.
          bytes += [x < width / 2 ? 200 : 90, y < height / 2 ? 60 : 180, 120]
        }
      }
    }
    return try Picture(width: width, height: height, channels: .rgb, bytes: bytes)
  }
}

/// Lets nobody pass until it is opened.
actor Gate {
  private var waiting: [CheckedContinuation<Void, Never>] = []
  private var isOpen = false
  /// How many stand before it.
  var count: Int { waiting.count }

  func pass() async {
    if isOpen { return }
    await withCheckedContinuation { waiting.append($0) }
  }

  func open() {
    isOpen = true
    for one in waiting { one.resume() }
    waiting = []
  }
}

/// Numbers of pixels and the pixels: reads nothing else.
struct RawFiles: PictureFiles {
  func png(_ picture: Picture) throws -> Data {
    Data("\(picture.width) \(picture.height) \(picture.channels.rawValue)\n".utf8)
      + Data(picture.bytes)
  }

  func picture(_ file: Data) throws -> Picture {
    let parts = file.split(separator: 10, maxSplits: 1, omittingEmptySubsequences: false)
    let head = String(decoding: parts[0], as: UTF8.self).split(separator: " ").compactMap {
      Int($0)
    }
    guard parts.count == 2, head.count == 3, let channels = Picture.Channels(rawValue: head[2])
    else { throw NurieError.picture("no picture") }
    return try Picture(
      width: head[0], height: head[1], channels: channels, bytes: [UInt8](parts[1]))
  }
}

/// Drawings to try things on.
enum Sample {
  static let side = 97
  static let (red, blue, green) = (
    RGB(red: 250, green: 10, blue: 20), RGB(red: 1, green: 2, blue: 200),
    RGB(red: 3, green: 160, blue: 40)
  )

  static func line(_ points: [(Double, Double)], width: Double = 2) throws -> InkLine {
    InkLine(
      stroke: try Stroke(points: points.map { StrokePoint(x: $0.0, y: $0.1, width: width) }))
  }

  /// A grid of three by three fields.
  static func grid() throws -> [InkLine] {
    try [2.0, 32.5, 64.5, 95].flatMap { place in
      [try line([(place, 2), (place, 95)]), try line([(2, place), (95, place)])]
    }
  }

  /// The middle of a field.
  static func middle(_ column: Int, _ row: Int) -> (x: Int, y: Int) {
    (17 + 31 * column, 17 + 31 * row)
  }

  static func hint(_ color: RGB, at place: (x: Int, y: Int)) throws -> HintStroke {
    HintStroke(
      stroke: try Stroke(
        points: [StrokePoint(x: Double(place.x), y: Double(place.y), width: 6)]),
      red: color.red, green: color.green, blue: color.blue)
  }

  static func blank() throws -> Artwork { try Artwork(width: side, height: side) }

  /// Without waiting.
  static let quick = Pace(rest: .zero, save: .zero, previewSide: 4096)

  /// A session of a grid that is coloured.
  @MainActor static func session(
    _ model: PaintingDouble = PaintingDouble(), pace: Pace = quick,
    keep: Session.Keeping? = nil
  ) async throws -> Session {
    let session = Session(try blank(), pace: pace, load: { model }, keep: keep)
    session.draw(try grid())
    await session.settled()
    return session
  }

  /// Numbers that look random, the same ones every time: Lehmer's generator.
  struct Lehmer {
    private var state: UInt64
    init(seed: Int) { state = UInt64(seed * 7919 + 1) }
    mutating func next(below end: Int) -> Int {
      state = state * 48271 % 2_147_483_647
      return Int(state >> 4) % end
    }
  }
}
