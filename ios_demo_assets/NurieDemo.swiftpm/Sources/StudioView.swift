import NurieCoreML
import NurieKit
import PhotosUI
import SwiftUI

/// The canvas, the colours below it and above it, and the tools.
struct StudioView: View {
  let studio: Studio

  @State private var page = CanvasPage()
  @State private var erasing = false
  @State private var wantsHints = false
  @State private var paint = Paint.palette[0]
  @State private var imported: PhotosPickerItem?
  @State private var panel: Panel?

  /// A sheet over the canvas.
  enum Panel: String, Identifiable {
    case settings
    case benchmark

    var id: String { rawValue }
  }

  var body: some View {
    NavigationStack {
      VStack(spacing: 8) {
        CanvasStack(studio: studio, page: page, paint: hinting ? paint : nil)
        if hinting { PaletteBar(paint: $paint) }
        Text(studio.coloring.sentence)
          .font(.footnote)
          .foregroundStyle(.secondary)
      }
      .padding()
      .navigationTitle("Nurie")
      .toolbar {
        ToolbarItemGroup(placement: .primaryAction) {
          PhotosPicker("Import", selection: $imported, matching: .images)
          Button("Model", systemImage: "slider.horizontal.3") { panel = .settings }
          Button("Benchmark", systemImage: "stopwatch") { panel = .benchmark }
        }
        // Below the canvas: an iPhone's upper bar holds no more than three buttons.
        ToolbarItemGroup(placement: .bottomBar) {
          Button("Undo", systemImage: "arrow.uturn.backward") {
            if hinting { studio.touch { $0.undo() } } else { page.undo() }
          }
          .disabled(hinting && !studio.marks.canUndo)
          Button("Redo", systemImage: "arrow.uturn.forward") {
            if hinting { studio.touch { $0.redo() } } else { page.redo() }
          }
          .disabled(hinting && !studio.marks.canRedo)
          if !hinting { Toggle("Eraser", systemImage: "eraser", isOn: $erasing) }
          if studio.takesHints {
            Toggle("Touch in colours", systemImage: "paintpalette", isOn: $wantsHints)
          }
          Button("Clear", systemImage: "trash") {
            if hinting { studio.touch { $0.clear() } } else { clear() }
          }
        }
      }
    }
    .onAppear { studio.open() }
    .onChange(of: erasing) { page.choose(eraser: erasing) }
    .onChange(of: imported) { load(imported) }
    .sheet(item: $panel) { panel in
      switch panel {
      case .settings:
        if let choice = studio.choice {
          SettingsView(studio: studio, draft: choice)
        } else {
          Text(studio.coloring.sentence)
        }
      case .benchmark: BenchmarkView(studio: studio)
      }
    }
  }

  /// Whether touches leave colour: another model may take none.
  private var hinting: Bool { wantsHints && studio.takesHints }

  private func clear() {
    page.clear()
    imported = nil
    studio.clear(canvas: page.size)
  }

  private func load(_ item: PhotosPickerItem?) {
    guard let item else { return }
    Task {
      do {
        guard let data = try await item.loadTransferable(type: Data.self) else {
          studio.fail("The photo library gave no picture. Choose another one.")
          return
        }
        let picture = try await ImportedPicture.read(data)
        // Another one may have been chosen, or the page cleared, meanwhile.
        if item == imported { studio.lay(picture, canvas: page.size) }
      } catch let error as ColoringError {
        studio.fail(error.sentence)
      } catch {
        studio.fail("The picture cannot be loaded: \(error.localizedDescription)")
      }
    }
  }
}
