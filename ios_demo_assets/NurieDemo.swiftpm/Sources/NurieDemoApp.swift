import SwiftUI

/// Draw, and see the colour appear below the ink.
@main
struct NurieDemoApp: App {
  @State private var library = Library()

  var body: some Scene {
    // Each window has a studio of its own; the drawings and the choice of model are the app's.
    WindowGroup {
      GalleryView(library: library)
    }
  }
}
