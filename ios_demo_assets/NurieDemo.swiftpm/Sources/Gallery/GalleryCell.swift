import NurieStudio
import SwiftUI
import UIKit

/// A drawing, small, and when it was saved.
struct GalleryCell: View {
  let entry: Gallery.Entry
  let side: Double

  @State private var picture: UIImage?

  var body: some View {
    VStack(spacing: 4) {
      ZStack {
        RoundedRectangle(cornerRadius: 8).fill(Color.white)
        if let picture { Image(uiImage: picture).resizable().scaledToFit() }
      }
      .frame(width: side, height: side)
      .clipShape(RoundedRectangle(cornerRadius: 8))
      .shadow(radius: 1)
      Text(entry.saved, style: .date).font(.caption).foregroundStyle(.secondary)
    }
    .task(id: entry) { picture = await Self.read(entry.thumbnail) }
  }

  private nonisolated static func read(_ file: URL) async -> UIImage? {
    (try? Data(contentsOf: file)).flatMap { UIImage(data: $0) }
  }
}
