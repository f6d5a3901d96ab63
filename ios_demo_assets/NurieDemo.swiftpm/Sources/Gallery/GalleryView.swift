import NurieCoreML
import NurieKit
import NurieStudio
import PhotosUI
import SwiftUI

/// One window: all drawings, or the one that is open in it.
struct GalleryView: View {
  let library: Library

  @State private var studio: Studio?
  @State private var entries: [Gallery.Entry] = []
  @State private var photograph: PhotosPickerItem?
  @State private var isReading = false
  @State private var doomed: Gallery.Entry?
  @State private var isDeleting = false
  @State private var failure = ""
  @State private var isFailed = false
  @ScaledMetric private var side = 160.0
  @Environment(\.scenePhase) private var scenePhase

  var body: some View {
    NavigationStack {
      GeometryReader { window in
        if let studio {
          StudioView(studio: studio, library: library) { leave(studio) }
        } else {
          drawings(window.size)
        }
      }
    }
    .alert("This does not work", isPresented: $isFailed) {
      Button("OK") { isFailed = false }
    } message: {
      Text(verbatim: failure)
    }
    .confirmationDialog("Delete this drawing for good?", isPresented: $isDeleting) {
      Button("Delete", role: .destructive) { delete(doomed) }
    }
    .task { await look() }
    // Another window may have drawn meanwhile.
    .onChange(of: scenePhase) { Task { await look() } }
    .onChange(of: photograph) { read(photograph) }
  }

  private func drawings(_ window: CGSize) -> some View {
    ScrollView {
      if entries.isEmpty { Text("No drawings yet.").foregroundStyle(.secondary).padding() }
      LazyVGrid(columns: [GridItem(.adaptive(minimum: side))], spacing: 16) {
        ForEach(entries) { entry in
          Button {
            open(entry)
          } label: {
            GalleryCell(entry: entry, side: side)
          }
          .contextMenu {
            Button("Duplicate", systemImage: "plus.square.on.square") { duplicate(entry) }
            Button("Delete", systemImage: "trash", role: .destructive) {
              doomed = entry
              isDeleting = true
            }
          }
        }
      }
      .padding()
    }
    .navigationTitle("Drawings")
    .toolbar {
      ToolbarItemGroup(placement: .primaryAction) {
        if isReading { ProgressView() }
        PhotosPicker(selection: $photograph, matching: .images) {
          Label("Import a photograph", systemImage: "photo")
        }
        Button("New drawing", systemImage: "plus") { begin(window) }
          .keyboardShortcut("n")
      }
    }
  }

  private func begin(_ window: CGSize) {
    let size = CanvasSize.pixels(width: Double(window.width), height: Double(window.height))
    attempt {
      try await start(try Artwork(width: size.width, height: size.height), isSaved: true)
    }
  }

  private func start(_ artwork: Artwork, isSaved: Bool) async throws {
    let id = UUID()
    await library.gallery.begin(id)
    studio = Studio(artwork, isSaved: isSaved, id: id, library: library)
  }

  private func open(_ entry: Gallery.Entry) {
    attempt {
      let opened = try await library.gallery.open(entry.id)
      studio = Studio(opened.artwork, colors: opened.colors, id: entry.id, library: library)
    }
  }

  private func leave(_ studio: Studio) {
    self.studio = nil
    attempt { await studio.close() }
  }

  private func duplicate(_ entry: Gallery.Entry) {
    attempt { _ = try await library.gallery.duplicate(entry.id) }
  }

  private func delete(_ entry: Gallery.Entry?) {
    guard let entry else { return }
    attempt { try await library.gallery.delete(entry.id) }
  }

  private func read(_ item: PhotosPickerItem?) {
    guard let item else { return }
    isReading = true
    attempt {
      defer {
        isReading = false
        photograph = nil
      }
      guard let file = try await item.loadTransferable(type: Data.self) else {
        throw ColoringError.picture("The photo library gave no picture. Choose another one.")
      }
      try await start(try await PhotoImport.artwork(from: file), isSaved: false)
    }
  }

  /// Does something, shows what went wrong, and looks at the folder again.
  private func attempt(_ body: @escaping @MainActor () async throws -> Void) {
    Task {
      do {
        try await body()
      } catch {
        failure = ColoringError(error).sentence
        isFailed = true
      }
      await look()
    }
  }

  private func look() async { entries = await library.gallery.entries() }
}
