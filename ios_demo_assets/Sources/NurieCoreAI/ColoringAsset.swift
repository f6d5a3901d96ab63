#if canImport(CoreAI)
  import CoreAI
  import Foundation
  import NurieKit

  /// A loaded Core AI asset: takes line art, and hints where it knows them; returns colours.
  ///
  /// Names, sizes and scales come from the manifest; the asset is held to them when it is loaded.
  /// Core AI waits without holding a thread, so that two predictions may be under way at once, each
  /// with memory of its own. One that has begun cannot be stopped: cancellation takes effect before
  /// the next.
  @available(iOS 27, macOS 27, macCatalyst 27, visionOS 27, *)
  public actor ColoringAsset: Colorizing {
    /// What the asset is, takes and returns, at the size that was loaded.
    public nonisolated let manifest: ModelManifest
    /// Which engines it may use.
    public nonisolated let units: AssetUnits
    /// How long loading took; with specialising, where the system had not kept that.
    public nonisolated let loadMS: Double

    private let function: InferenceFunction

    /// Loads an asset. The first time, and after each update of the system, Core AI specialises it
    /// for the device, which takes seconds, and keeps the result for as long as there is room.
    ///
    /// Its bytes are held to the manifest before: others report that an asset which was copied in
    /// part stays broken in the system's cache. Throws for other bytes, and for an asset that
    /// contradicts its manifest.
    ///
    /// manifest: as it was read, for the first of the asset's sizes; for another, what `serving` of
    /// it returns. The sizes of an asset share their weights, in the file at least.
    public init(
      contentsOf asset: URL, manifest: ModelManifest, units: AssetUnits = .all
    ) async throws(ColoringError) {
      do {
        try Task.checkCancellation()
        guard manifest.format == .coreai else {
          throw ColoringError.load(
            "\(manifest.artifact) is \(manifest.format.rawValue). Expected an asset of Core AI, "
              + "which conversion.to_coreai writes.")
        }
        try manifest.requireDescribes(asset)
      } catch {
        throw ColoringError(error)
      }
      let clock = ContinuousClock()
      let start = clock.now
      let loaded: InferenceFunction
      do {
        let model = try await AIModel(contentsOf: asset, options: units.specialization)
        let name = Self.functionName(of: manifest)
        guard let found = try model.loadFunction(named: name) else {
          throw ColoringError.disagreement(
            "\(manifest.artifact) has the functions \(model.functionNames). Expected \(name), as its "
              + "manifest says. Copy both again.")
        }
        loaded = found
      } catch let error as ColoringError {
        throw error
      } catch is CancellationError {
        throw .cancelled
      } catch {
        throw .load(
          "\(manifest.artifact) cannot be loaded for \(units.rawValue): "
            + "\(error.localizedDescription). Try \(units == .all ? "cpuOnly" : "all").")
      }
      let loadMS = (clock.now - start).milliseconds
      try AssetAgreement.require(loaded.descriptor, manifest: manifest)
      self.manifest = manifest
      self.units = units
      self.loadMS = loadMS
      function = loaded
    }

    /// Removes what the system keeps of an asset that was specialised with these engines, so that
    /// the next loading begins anew. Does nothing where it keeps none; throws while it is loaded.
    public static func forget(
      _ asset: URL, units: AssetUnits
    ) throws(ColoringError) {
      do {
        guard try isKept(asset, units) else { return }
        try AIModelCache.default.deleteEntry(for: asset, options: units.specialization)
      } catch {
        throw .load(
          "\(asset.lastPathComponent) cannot be forgotten: \(error.localizedDescription). Let go of "
            + "it first.")
      }
    }

    /// What conversion.to_coreai calls the size that a manifest has chosen.
    private static func functionName(of manifest: ModelManifest) -> String {
      let (width, height) = (manifest.interface.width, manifest.interface.height)
      return manifest.sizes.first == [height, width] ? "main" : "main_\(width)x\(height)"
    }

    /// The model that says so is gone on return: an entry in use cannot be removed.
    private static func isKept(_ asset: URL, _ units: AssetUnits) throws -> Bool {
      try AIModelCache.default.model(for: asset, options: units.specialization) != nil
    }

    /// Predicts `count` times on blank paper, so that the next prediction is as fast as those after
    /// it.
    public func warmUp(count: Int = 3) async throws(ColoringError) {
      let given = try tensors(blankSheet(), nil)
      for _ in 0..<count { _ = try await output(of: given) }
    }

    /// What the asset itself paints: the picture, or the layer that belongs under the ink.
    ///
    /// lineart: grey, of exactly the asset's size. hints: of the same size; nil where none are
    /// given. Throws for hints that the asset does not take.
    public func paint(
      _ lineart: Picture, hints: Hints? = nil
    ) async throws(ColoringError) -> Picture {
      let numbers = try await output(of: try tensors(lineart, hints))
      let broken = numbers.count { !$0.isFinite }
      guard broken == 0 else { throw .nonfinite(count: broken) }
      do {
        return try manifest.interface.output.decode(numbers)
      } catch {
        throw .refused(error)
      }
    }

    /// Milliseconds of bare predictions of one drawing, encoding and decoding of pictures left out.
    ///
    /// Ends after `count` predictions, or when the task is cancelled: then throws.
    package func measure(
      _ lineart: Picture, hints: Hints? = nil, count: Int
    ) async throws(ColoringError) -> [Double] {
      let given = try tensors(lineart, hints)
      let clock = ContinuousClock()
      var samples: [Double] = []
      samples.reserveCapacity(count)
      for _ in 0..<count {
        let start = clock.now
        _ = try await output(of: given)
        samples.append((clock.now - start).milliseconds)
      }
      return samples
    }

    /// Numbers and shape of each input, by its name.
    private typealias Given = [String: (numbers: [Float], shape: [Int])]

    private func tensors(_ lineart: Picture, _ hints: Hints?) throws(ColoringError) -> Given {
      do {
        var given: Given = [:]
        for (port, picture) in try manifest.interface.pictures(lineart: lineart, hints: hints) {
          given[port.name] = (try port.encode(picture), port.shape)
        }
        return given
      } catch {
        throw ColoringError(error)
      }
    }

    private func output(of given: Given) async throws(ColoringError) -> [Float] {
      // Whoever draws on does not wait for the pictures of strokes before.
      guard !Task.isCancelled else { throw .cancelled }
      let port = manifest.interface.output
      do {
        return try await Self.run(function, given, output: port, of: manifest)
      } catch let error as ColoringError {
        throw error
      } catch {
        throw .prediction(
          "Core AI could not run \(manifest.artifact) on \(units.rawValue): "
            + "\(error.localizedDescription). Try \(units == .all ? "cpuOnly" : "all").")
      }
    }

    /// Arrays are made, used and read in one place: no other task sees them.
    private static func run(
      _ function: InferenceFunction, _ given: Given, output port: ModelPort,
      of manifest: ModelManifest
    ) async throws -> [Float] {
      let inputs = given.mapValues { Tensors.array($0.numbers, shape: $0.shape) }
      var outputs = try await function.run(inputs: inputs)
      guard let value = outputs.remove(port.name), let array = value.ndArray else {
        throw ColoringError.prediction("\(manifest.artifact) returned no \(port.name).")
      }
      guard array.shape == port.shape, array.scalarType == .float32 else {
        throw ColoringError.prediction(
          "\(manifest.artifact) returned \(array.scalarType) of \(array.shape). Expected float32 of "
            + "\(port.shape), as its manifest says.")
      }
      return Tensors.numbers(array)
    }
  }
#endif
