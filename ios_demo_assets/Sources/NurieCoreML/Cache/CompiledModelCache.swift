#if canImport(CoreML)
  import CoreML
  import Foundation
  import NurieKit

  /// Compiled models, kept by the hash of what they were compiled from and the build of the system.
  ///
  /// A compiled model is made beside its place and put there by one rename: it is there whole or not
  /// at all, whoever compiles the same or stops meanwhile. What was not used for longest goes when
  /// all together outgrow a bound; what is loaded stays. The system may empty the folder at any time.
  public struct CompiledModelCache: Sendable {
    /// A compiled model, and how long compiling it took.
    public struct Entry: Sendable {
      /// The .mlmodelc folder. It stays as long as this entry, or a model loaded from it, does.
      public let url: URL
      /// nil if it stood in the cache.
      public let compileMS: Double?

      let use: CompiledModelUse
    }

    /// Where they stand.
    public let folder: URL
    /// Bytes that all of them may take together.
    public let limitBytes: Int

    /// A cache in a folder of its own. limitBytes: by default enough for dozens of nets such as the
    /// one that Nurie brings along, whose package takes 2.2 MB.
    public init(folder: URL, limitBytes: Int = 256_000_000) {
      self.folder = folder
      self.limitBytes = limitBytes
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

    /// Returns the compiled form of a package, compiling it if need be: once, however many ask.
    ///
    /// The package is held to its manifest before it is compiled, and not read again afterwards.
    public func compiled(
      _ package: URL, manifest: ModelManifest
    ) async throws(ColoringError) -> Entry {
      let shelf = CompiledModelShelf(folder: folder)
      let place = shelf.place(of: manifest.sha256)
      // Before it is looked for: nobody may remove it between looking and loading.
      let use = CompiledModelUse(place)
      do {
        try Task.checkCancellation()
        let compileMS = try await Compilations.shared.finished(at: place) {
          try await Self.compile(package, manifest: manifest, to: place, on: shelf)
        }
        await Compilations.shared.tidy(shelf, used: place, limitBytes: limitBytes)
        return Entry(url: place, compileMS: compileMS, use: use)
      } catch let error as ColoringError {
        throw error
      } catch let error as NurieError {
        throw .refused(error)
      } catch is CancellationError {
        throw .cancelled
      } catch {
        throw .load(
          "\(package.lastPathComponent) cannot be compiled: \(error.localizedDescription). Expected a "
            + "package exported by Nurie for this system or an older one.")
      }
    }

    /// A cache of its own inside this one's folder, for whoever wants everything compiled anew and
    /// removes the folder afterwards: a benchmark.
    package func apart() -> CompiledModelCache {
      CompiledModelCache(
        folder: CompiledModelShelf(folder: folder).passing("measured"), limitBytes: .max)
    }

    /// Compiles and puts what was compiled in its place; leaves nothing else behind, however it ends.
    private static func compile(
      _ package: URL, manifest: ModelManifest, to place: URL, on shelf: CompiledModelShelf
    ) async throws -> Double {
      try manifest.requireDescribes(package)
      let files = FileManager.default
      let clock = ContinuousClock()
      let start = clock.now
      let compiled = try await MLModel.compileModel(at: package)
      let milliseconds = (clock.now - start).milliseconds
      // What was moved is not there any more: then there is nothing to remove.
      defer { try? files.removeItem(at: compiled) }
      try Task.checkCancellation()
      try files.createDirectory(at: shelf.folder, withIntermediateDirectories: true)
      // The system may compile on another volume, from where moving is copying: no single step.
      let beside = shelf.passing("compiling")
      defer { try? files.removeItem(at: beside) }
      try files.moveItem(at: compiled, to: beside)
      try Task.checkCancellation()
      do {
        try files.moveItem(at: beside, to: place)
      } catch {
        // Another process may have been first, with the same bytes.
        guard files.fileExists(atPath: place.path) else { throw error }
      }
      return milliseconds
    }
  }
#endif
