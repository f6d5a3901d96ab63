#if canImport(CoreML)
  import CoreML
  import Foundation
  import NurieKit

  /// Compiled models, kept by the hash of what they were compiled from and the build of the system.
  ///
  /// A compiled model appears whole or not at all: it is moved into place when it is finished. The
  /// system may empty the folder at any time.
  public struct CompiledModelCache: Sendable {
    /// A compiled model, and how long compiling it took.
    public struct Entry: Equatable, Sendable {
      /// The .mlmodelc folder.
      public let url: URL
      /// nil if it stood in the cache.
      public let compileMS: Double?
    }

    /// Where they stand.
    public let folder: URL

    /// A cache in a folder of its own.
    public init(folder: URL) {
      self.folder = folder
    }

    /// The cache in the folder that the system gives an app for such things.
    public init() throws(ColoringError) {
      guard
        let caches = FileManager.default.urls(for: .cachesDirectory, in: .userDomainMask).first
      else {
        throw .load("This system gives the app no folder for compiled models.")
      }
      self.init(folder: caches.appendingPathComponent("nurie-compiled", isDirectory: true))
    }

    /// Returns the compiled form of a package, compiling it if need be.
    ///
    /// sha256: of the package, from its manifest. anew: compile even if it stands in the cache.
    public func compiled(
      _ package: URL, sha256: String, anew: Bool = false
    ) async throws(ColoringError) -> Entry {
      let name = "\(sha256.prefix(32))-\(DeviceReading.systemBuild).mlmodelc"
      let place = folder.appendingPathComponent(name, isDirectory: true)
      if !anew, FileManager.default.fileExists(atPath: place.path) {
        return Entry(url: place, compileMS: nil)
      }
      do {
        let clock = ContinuousClock()
        let start = clock.now
        let compiled = try await MLModel.compileModel(at: package)
        let milliseconds = (clock.now - start).milliseconds
        try Task.checkCancellation()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if FileManager.default.fileExists(atPath: place.path) {
          try FileManager.default.removeItem(at: place)
        }
        try FileManager.default.moveItem(at: compiled, to: place)
        return Entry(url: place, compileMS: milliseconds)
      } catch is CancellationError {
        throw .cancelled
      } catch {
        throw .load(
          "\(package.lastPathComponent) cannot be compiled: \(error.localizedDescription). Expected a "
            + "package exported by Nurie for this system or an older one.")
      }
    }
  }
#endif
