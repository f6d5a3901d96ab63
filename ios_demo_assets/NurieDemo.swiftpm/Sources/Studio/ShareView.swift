import NurieCoreML
import NurieKit
import NurieStudio
import SwiftUI
import UIKit

/// The drawing as files for others: each is written first, and then shared, or copied.
struct ShareView: View {
  let session: Session

  @State private var files: [Export: Result<URL, ColoringError>] = [:]
  @Environment(\.dismiss) private var dismiss

  var body: some View {
    NavigationStack {
      Form {
        ForEach(Export.allCases) { export in
          switch files[export] {
          case .success(let file):
            ShareLink(item: file) { Label(export.label, systemImage: "square.and.arrow.up") }
          case .failure(let error):
            VStack(alignment: .leading) {
              Text(export.label)
              Text(verbatim: error.sentence).font(.footnote)
            }
          case nil:
            ProgressView(export.label)
          }
        }
        if case .success(let file) = files[.picture] {
          Button("Copy the picture", systemImage: "doc.on.doc") { copy(file) }
            .keyboardShortcut("c")
        }
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
    let pictures: (lineart: Picture, colors: Picture?)
    do {
      pictures = try await session.pictures()
    } catch {
      for export in Export.allCases { files[export] = .failure(ColoringError(error)) }
      return
    }
    for export in Export.allCases {
      do {
        let file = try await Self.file(export, lineart: pictures.lineart, colors: pictures.colors)
        files[export] = .success(file)
      } catch {
        files[export] = .failure(ColoringError(error))
      }
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
