import NurieCoreML
import NurieKit
import NurieStudio
import SwiftUI
import UIKit

/// The drawing as files for others: each is written first, and then shared, or copied.
struct ShareView: View {
  let session: Session

  @State private var files: [Export: URL] = [:]
  @State private var failure: String?
  @Environment(\.dismiss) private var dismiss

  var body: some View {
    NavigationStack {
      Form {
        ForEach(Export.allCases) { export in
          if let file = files[export] {
            ShareLink(item: file) { Label(export.label, systemImage: "square.and.arrow.up") }
          } else {
            ProgressView(export.label)
          }
        }
        if let file = files[.picture] {
          Button("Copy the picture", systemImage: "doc.on.doc") { copy(file) }
            .keyboardShortcut("c")
        }
        if let failure { Text(verbatim: failure) }
      }
      .navigationTitle("Share")
      .toolbar {
        ToolbarItem(placement: .confirmationAction) {
          Button("Done") { dismiss() }
        }
      }
    }
    .task { await write() }
  }

  private func write() async {
    do {
      let lineart = try await session.lineart()
      for export in Export.allCases {
        files[export] = try await Self.file(export, lineart: lineart, colors: session.shown?.colors)
      }
    } catch {
      failure = ColoringError(error).sentence
    }
  }

  private func copy(_ file: URL) {
    guard let data = try? Data(contentsOf: file) else { return }
    UIPasteboard.general.setData(data, forPasteboardType: "public.png")
    dismiss()
  }

  /// Writes one file into the temporary folder, under a name that people read.
  private nonisolated static func file(
    _ export: Export, lineart: Picture, colors: Picture?
  ) async throws -> URL {
    let name = String(localized: "Drawing")
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(name)-\(export.rawValue).\(export.fileExtension)")
    try export.data(lineart: lineart, colors: colors, files: SystemPictures())
      .write(to: url, options: .atomic)
    return url
  }
}

extension Export {
  var label: LocalizedStringKey {
    switch self {
    case .picture: "The picture, PNG"
    case .ink: "The lines alone, PNG"
    case .colors: "The colours alone, PNG"
    case .layers: "Lines and colours in layers, OpenRaster"
    }
  }
}
