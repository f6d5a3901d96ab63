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
  // One thing after the other: what is opened never takes the place of what is being opened.
  @State private var isBusy = false
  @State private var isUnsaved = false
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
            // Another drawing has another canvas, and nothing of this one's.
            .id(studio.session.id)
            // While it is being closed, nothing is drawn any more.
            .disabled(isBusy)
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
    .alert("The drawing could not be saved", isPresented: $isUnsaved) {
      Button("Go on drawing") { isUnsaved = false }
      Button("Leave without saving", role: .destructive) { abandon() }
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
        if isBusy { ProgressView() }
        PhotosPicker(selection: $photograph, matching: .images) {
          Label("Import a photograph", systemImage: "photo")
        }
        .disabled(isBusy)
        Button("New drawing", systemImage: "plus") { begin(window) }
          .keyboardShortcut("n")
          .disabled(isBusy)
      }
    }
    .disabled(isBusy)
  }

  private func begin(_ window: CGSize) {
    let size = CanvasSize.pixels(width: Double(window.width), height: Double(window.height))
    show { try await start(try Artwork(width: size.width, height: size.height), isSaved: true) }
  }

  private func start(_ artwork: Artwork, isSaved: Bool) async throws -> Studio {
    Studio(artwork, isSaved: isSaved, hold: await library.gallery.begin(), library: library)
  }

  private func open(_ entry: Gallery.Entry) {
    show {
      let opened = try await library.gallery.open(entry.id)
      return Studio(opened.artwork, colors: opened.colors, hold: opened.hold, library: library)
    }
  }

  /// Shows another drawing, once the one that is shown is saved.
  private func show(_ make: @escaping @MainActor () async throws -> Studio) {
    exclusively {
      let next = try await make()
      do {
        try await studio?.close()
      } catch {
        next.abandon()
        throw error
      }
      studio = next
    }
  }

  /// The drawing stays on the screen until it is saved.
  private func leave(_ studio: Studio) {
    exclusively {
      do {
        try await studio.close()
        self.studio = nil
      } catch {
        failure = ColoringError(error).sentence
        isUnsaved = true
      }
    }
  }

  private func abandon() {
    studio?.abandon()
    studio = nil
    Task { await look() }
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
    photograph = nil
    show {
      guard let file = try await item.loadTransferable(type: Data.self) else {
        throw ColoringError.picture("The photo library gave no picture. Choose another one.")
      }
      return try await start(try await PhotoImport.artwork(from: file), isSaved: false)
    }
  }

  /// Does something that nothing else may come between.
  private func exclusively(_ body: @escaping @MainActor () async throws -> Void) {
    guard !isBusy else { return }
    isBusy = true
    attempt {
      defer { isBusy = false }
      try await body()
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
