import Foundation

/// The hash that a manifest gives of its model, as conversion/manifest.py computes it.
public enum ArtifactHash {
  /// Hashes a file, or for a folder every file's relative path and hash, in order of the paths.
  public static func sha256(of artifact: URL) throws(NurieError) -> String {
    do {
      guard try isFolder(artifact) else { return SHA256.hex(of: try bytes(artifact)) }
      let paths = try FileManager.default.subpathsOfDirectory(atPath: artifact.path)
        .filter { try !isFolder(artifact.appendingPathComponent($0)) }
      var digest = SHA256()
      // Python sorts paths part by part: a folder comes before a file whose name it begins.
      for path in paths.sorted(by: { parts($0).lexicographicallyPrecedes(parts($1)) }) {
        let file = try bytes(artifact.appendingPathComponent(path))
        digest.update(Data("\(path)\0\(SHA256.hex(of: file))\n".utf8))
      }
      return digest.hex()
    } catch {
      throw .manifest(
        "\(artifact.lastPathComponent) cannot be read (\(error.localizedDescription)). Expected a "
          + "model exported by Nurie.")
    }
  }

  /// Not copied into memory where the system can map the file: weights are large.
  private static func bytes(_ file: URL) throws -> Data {
    try Data(contentsOf: file, options: .mappedIfSafe)
  }

  private static func isFolder(_ url: URL) throws -> Bool {
    let kind = try FileManager.default.attributesOfItem(atPath: url.path)[.type]
    return kind as? FileAttributeType == .typeDirectory
  }

  /// Scalars, since Python compares code points and Swift compares letters.
  private static func parts(_ path: String) -> [ComparablePart] {
    path.split(separator: "/").map { ComparablePart(scalars: $0.unicodeScalars.map(\.value)) }
  }

  private struct ComparablePart: Comparable {
    let scalars: [UInt32]
    static func < (left: Self, right: Self) -> Bool {
      left.scalars.lexicographicallyPrecedes(right.scalars)
    }
  }
}
