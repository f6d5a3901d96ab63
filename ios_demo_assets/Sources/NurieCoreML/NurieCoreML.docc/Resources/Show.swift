import CoreGraphics
import Foundation
import NurieKit
import SwiftUI

/// One stroke, a ring, with the colour that a net gives it.
struct StrokeView: View {
  @State private var picture: CGImage?
  @State private var sentence = "Colouring"

  var body: some View {
    VStack {
      if let picture { Image(decorative: picture, scale: 1) }
      Text(sentence)
    }
    .onAppear { Task { await color() } }
  }

  private func color() async {
    do {
      guard let folder = Bundle.main.url(forResource: "pretrained", withExtension: nil) else {
        sentence = "The app has no folder \"pretrained\". Add it as a folder reference."
        return
      }
      let points = (0...60).map { step in
        let turn = Double(step) / 30 * Double.pi
        return StrokePoint(x: 200 + 120 * cos(turn), y: 200 + 120 * sin(turn), width: 6)
      }
      let colorist = try await Colorist(bundle: folder)
      picture = try await colorist.colors(
        of: [try Stroke(points: points)], width: 400, height: 400)
      sentence = ""
    } catch {
      sentence = ColoringError(error).sentence
    }
  }
}
