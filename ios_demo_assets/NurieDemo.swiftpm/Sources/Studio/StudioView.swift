import NurieStudio
import SwiftUI
import UIKit

/// A drawing on the screen: canvas, tools, and a line about what goes on.
struct StudioView: View {
  let studio: Studio
  let library: Library
  /// Goes back to the gallery.
  let leave: () -> Void

  @State private var panel: Panel?
  @State private var isClearing = false
  @Environment(\.scenePhase) private var scenePhase

  /// A sheet over the canvas.
  enum Panel: String, Identifiable {
    case settings
    case share

    var id: String { rawValue }
  }

  var body: some View {
    VStack(spacing: 8) {
      // Above the canvas: a telephone's pens lie at its lower edge, over whatever is there.
      HStack(spacing: 20) {
        ForEach(Tool.allCases) { tool in ToolButton(tool: tool, studio: studio) }
      }
      PaletteBar(studio: studio)
      StatusLine(session: studio.session)
      PageView(
        studio: studio, tool: studio.tool, ink: studio.session.artwork.ink,
        hints: studio.session.artwork.hints, colors: studio.colors, sheet: studio.sheet
      )
      .accessibilityLabel("Canvas")
      .accessibilityHint("Draw, or choose a tool above to colour.")
    }
    .padding(.horizontal)
    .toolbar {
      ToolbarItemGroup(placement: .topBarLeading) {
        Button("Gallery", systemImage: "square.grid.2x2", action: leave)
        Button("Undo", systemImage: "arrow.uturn.backward") { studio.session.undo() }
          .disabled(!studio.session.canUndo)
          .keyboardShortcut("z")
        Button("Redo", systemImage: "arrow.uturn.forward") { studio.session.redo() }
          .disabled(!studio.session.canRedo)
          .keyboardShortcut("z", modifiers: [.command, .shift])
      }
      ToolbarItemGroup(placement: .primaryAction) {
        Button("Share", systemImage: "square.and.arrow.up") { panel = .share }
        Button("Clear", systemImage: "trash") { isClearing = true }
        Button("Model", systemImage: "slider.horizontal.3") { panel = .settings }
      }
    }
    .confirmationDialog("Clear", isPresented: $isClearing) {
      Button("Clear the colours") { studio.session.clearColors() }
      Button("Clear everything", role: .destructive) { studio.session.clear() }
    }
    .sheet(item: $panel) { panel in
      switch panel {
      case .settings: settings
      case .share: ShareView(session: studio.session)
      }
    }
    .task(id: studio.session.shown) { await studio.render() }
    .task(id: studio.session.artwork.sheet?.id) { await studio.renderSheet() }
    .onChange(of: scenePhase) { enter(scenePhase) }
    .onChange(of: library.choice) { studio.session.modelChanged() }
    .onChange(of: library.memoryWarnings) {
      Task { await studio.session.shrink() }
    }
  }

  /// Behind other apps nothing is coloured, what was drawn is saved, and the model is unloaded.
  private func enter(_ phase: ScenePhase) {
    studio.session.setActive(phase == .active)
    guard phase == .background else { return }
    studio.session.release()
    let app = UIApplication.shared
    let saving = app.beginBackgroundTask(expirationHandler: nil)
    Task {
      await studio.session.settled()
      app.endBackgroundTask(saving)
    }
  }

  @ViewBuilder private var settings: some View {
    if let choice = library.choice {
      SettingsView(library: library, draft: choice)
    } else {
      Text("This app has no model: regions can be filled by hand.")
    }
  }
}
