import SwiftUI

/// Draw, and see the colour appear below the ink.
@main
struct NurieDemoApp: App {
  @State private var studio = Studio()

  var body: some Scene {
    WindowGroup {
      StudioView(studio: studio)
    }
  }
}
