#if canImport(CoreML)
  import CoreML
  import Foundation
  import NurieKit

  /// A loaded model: takes line art, and hints where it knows them; returns colours. One prediction
  /// at a time, off the main thread.
  ///
  /// Names, sizes and scales come from the manifest; the model is held to them when it is loaded. A
  /// prediction that Core ML has begun cannot be stopped: cancellation takes effect before the
  /// next.
  public actor ColoringModel {
    /// What the model is, takes and returns.
    public nonisolated let manifest: ModelManifest
    /// Which engines it may use.
    public nonisolated let computeUnits: ComputeUnits
    /// The compiled model that was loaded.
    public nonisolated let compiledURL: URL
    /// How long loading took, compiling left out.
    public nonisolated let loadMS: Double

    private let model: MLModel
    private let options = MLPredictionOptions()

    /// Loads a compiled model. Throws if it contradicts its manifest.
    public init(
      compiled url: URL, manifest: ModelManifest, computeUnits: ComputeUnits
    ) async throws(ColoringError) {
      let configuration = MLModelConfiguration()
      configuration.computeUnits = computeUnits.coreML
      let clock = ContinuousClock()
      let start = clock.now
      let loaded: MLModel
      do {
        loaded = try await MLModel.load(contentsOf: url, configuration: configuration)
      } catch is CancellationError {
        throw .cancelled
      } catch {
        throw .load(
          "\(manifest.artifact) cannot be loaded for \(computeUnits.rawValue): "
            + "\(error.localizedDescription). Try another compute unit.")
      }
      try ModelAgreement.require(loaded.modelDescription, manifest: manifest)
      self.manifest = manifest
      self.computeUnits = computeUnits
      compiledURL = url
      loadMS = (clock.now - start).milliseconds
      model = loaded
    }

    /// Compiles a package if the cache lacks it, and loads it.
    public static func load(
      package: URL, manifest: ModelManifest, computeUnits: ComputeUnits, cache: CompiledModelCache
    ) async throws(ColoringError) -> ColoringModel {
      do {
        try manifest.requireDescribes(package)
      } catch {
        throw .refused(error)
      }
      let entry = try await cache.compiled(package, sha256: manifest.sha256)
      return try await ColoringModel(
        compiled: entry.url, manifest: manifest, computeUnits: computeUnits)
    }

    /// Predicts `count` times on blank paper, so that the next prediction is as fast as those after
    /// it.
    public func warmUp(count: Int = 3) throws(ColoringError) {
      let paper: Picture
      do {
        let interface = manifest.interface
        paper = try .paper(width: interface.width, height: interface.height)
      } catch {
        throw .refused(error)
      }
      let input = try features(paper, nil)
      for _ in 0..<count { _ = try output(of: input) }
    }

    /// The finished picture of line art of exactly the model's size: under its ink, where the model
    /// paints a layer.
    ///
    /// hints: of the same size; nil where none are given. Throws for hints that the model does not
    /// take.
    public func color(_ lineart: Picture, hints: Hints? = nil) throws(ColoringError) -> Picture {
      let painted = try paint(lineart, hints: hints)
      guard manifest.interface.underInk else { return painted }
      do {
        return try InkComposition.underInk(painted, lineart: lineart)
      } catch {
        throw .refused(error)
      }
    }

    /// What the model itself paints: the picture, or the layer that belongs under the ink.
    ///
    /// For apps that show it below ink of their own, sharper than the model's pixels.
    public func paint(_ lineart: Picture, hints: Hints? = nil) throws(ColoringError) -> Picture {
      try picture(try output(of: try features(lineart, hints)))
    }

    /// Colours line art of any size up to the model's, for apps: padded with paper, cropped back.
    public func colorPadded(
      _ lineart: Picture, hints: Hints? = nil
    ) throws(ColoringError) -> Picture {
      let interface = manifest.interface
      do {
        let padding = try PaperPadding(
          width: lineart.width, height: lineart.height, to: interface.width, by: interface.height)
        let sheet = try padding.pad(lineart)
        return try padding.crop(try color(sheet, hints: try hints.map(padding.pad)))
      } catch {
        throw ColoringError(error)
      }
    }

    /// Milliseconds of bare predictions of one drawing, conversions left out.
    ///
    /// Ends after `count` predictions, or when the task is cancelled: then throws.
    public func measure(
      _ lineart: Picture, hints: Hints? = nil, count: Int
    ) throws(ColoringError) -> [Double] {
      let input = try features(lineart, hints)
      let clock = ContinuousClock()
      var samples: [Double] = []
      samples.reserveCapacity(count)
      for _ in 0..<count {
        let start = clock.now
        _ = try output(of: input)
        samples.append((clock.now - start).milliseconds)
      }
      return samples
    }

    /// Milliseconds from picture to picture, conversions included.
    public func measureEndToEnd(
      _ lineart: Picture, hints: Hints? = nil, count: Int
    ) throws(ColoringError) -> [Double] {
      let clock = ContinuousClock()
      var samples: [Double] = []
      for _ in 0..<count {
        let start = clock.now
        _ = try color(lineart, hints: hints)
        samples.append((clock.now - start).milliseconds)
      }
      return samples
    }

    private func features(
      _ lineart: Picture, _ hints: Hints?
    ) throws(ColoringError) -> MLDictionaryFeatureProvider {
      do {
        var values: [String: Any] = [:]
        for (port, picture) in try manifest.interface.pictures(lineart: lineart, hints: hints) {
          values[port.name] = try value(of: picture, for: port)
        }
        return try MLDictionaryFeatureProvider(dictionary: values)
      } catch {
        throw ColoringError(error)
      }
    }

    private func value(of picture: Picture, for port: ModelPort) throws -> MLFeatureValue {
      switch port.kind {
      case .image: MLFeatureValue(pixelBuffer: try PixelBuffers.buffer(picture))
      case .tensor:
        MLFeatureValue(
          shapedArray: MLShapedArray<Float>(scalars: try port.encode(picture), shape: port.shape))
      }
    }

    private func output(
      of input: MLDictionaryFeatureProvider
    ) throws(ColoringError) -> MLFeatureValue {
      // Whoever draws on does not wait for the pictures of strokes before.
      guard !Task.isCancelled else { throw .cancelled }
      let name = manifest.interface.output.name
      let result: any MLFeatureProvider
      do {
        result = try model.prediction(from: input, options: options)
      } catch {
        throw .prediction(
          "Core ML could not run \(manifest.artifact) on \(computeUnits.rawValue): "
            + "\(error.localizedDescription). Try another compute unit.")
      }
      guard let value = result.featureValue(for: name) else {
        throw .prediction(
          "\(manifest.artifact) returned no \(name), only \(result.featureNames.sorted()).")
      }
      return value
    }

    private func picture(_ value: MLFeatureValue) throws(ColoringError) -> Picture {
      let port = manifest.interface.output
      let painted: Picture
      switch port.kind {
      case .image:
        guard let buffer = value.imageBufferValue else {
          throw .prediction("\(manifest.artifact) returned no picture as \(port.name).")
        }
        painted = try PixelBuffers.picture(buffer)
      case .tensor:
        do {
          painted = try port.decode(try numbers(value))
        } catch {
          throw ColoringError(error)
        }
      }
      guard painted.width == port.width, painted.height == port.height else {
        throw .prediction(
          "\(manifest.artifact) returned \(painted.width) x \(painted.height) pixels. Expected "
            + "\(port.width) x \(port.height), as its manifest says.")
      }
      return painted
    }

    private func numbers(_ value: MLFeatureValue) throws(ColoringError) -> [Float] {
      guard let array = value.multiArrayValue else {
        throw .prediction("\(manifest.artifact) returned no numbers.")
      }
      let numbers = MLShapedArray<Float>(converting: array).scalars
      let broken = numbers.count { !$0.isFinite }
      guard broken == 0 else { throw .nonfinite(count: broken) }
      return numbers
    }
  }
#endif
