import CoreGraphics
import NurieKit
import NurieStudio
import SwiftUI

/// The canvas in its window: zoomed with two fingers, drawn and coloured upon with one, or a Pencil.
///
/// What it shows stands here as values, so that SwiftUI sees each of them change.
struct PageView: UIViewRepresentable {
  let studio: Studio
  let tool: Tool
  let ink: [InkLine]
  let hints: [HintStroke]
  let colors: CGImage?
  let sheet: CGImage?

  func makeUIView(context: Context) -> PageCanvas { context.coordinator.canvas }

  func updateUIView(_ view: PageCanvas, context: Context) {
    view.paper.colors = colors
    view.paper.sheet = sheet
    view.paper.marks.hints = hints
    context.coordinator.use(tool)
    context.coordinator.show(ink)
  }

  func makeCoordinator() -> PageCoordinator { PageCoordinator(studio: studio) }
}
