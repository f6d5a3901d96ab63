#if canImport(CoreML)
  import CoreML
  import CoreVideo
  import Dispatch
  import Foundation
  import NurieKit

  /// A loaded model: takes line art, and hints where it knows them; returns colours. One prediction
  /// at a time, on a queue of its own: Core ML blocks, and a thread that many tasks share must not.
  ///
  /// Names, sizes and scales come from the manifest; the model is held to them when it is loaded. A
  /// prediction that Core ML has begun cannot be stopped: cancellation takes effect before the
  /// next.
  public actor ColoringModel: Colorizing {
    /// What the model is, takes and returns.
    public nonisolated let manifest: ModelManifest
    /// Which engines it may use.
    public nonisolated let computeUnits: ComputeUnits
    /// The compiled model that was loaded.
    public nonisolated let compiledURL: URL
    /// How long loading took, compiling left out.
    public nonisolated let loadMS: Double

    /// The queue that everything of this actor runs on.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
      queue.asUnownedSerialExecutor()
    }

    private nonisolated let queue = DispatchSerialQueue(
      label: "org.nurie.coloring", qos: .userInitiated)
    private let use: CompiledModelUse
    private let model: MLModel
    private let options = MLPredictionOptions()
    private let inputPools: [String: PixelBufferPool]
    private var outputPool: PixelBufferPool?

    /// Loads a compiled model. Throws if it contradicts its manifest.
    public init(
      compiled url: URL, manifest: ModelManifest, computeUnits: ComputeUnits
    ) async throws(ColoringError) {
      try await self.init(
        CompiledModelUse(url), at: url, manifest: manifest, computeUnits: computeUnits)
    }

    private init(
      _ use: CompiledModelUse, at url: URL, manifest: ModelManifest, computeUnits: ComputeUnits
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
      let loadMS = (clock.now - start).milliseconds
      let description = loaded.modelDescription
      try ModelAgreement.require(description, manifest: manifest)
      inputPools = try ModelPictures.inputPools(of: manifest)
      outputPool = try ModelPictures.outputPool(of: manifest, description)
      self.manifest = manifest
      self.computeUnits = computeUnits
      compiledURL = url
      self.loadMS = loadMS
      self.use = use
      model = loaded
    }

    /// Compiles a package if the cache lacks it, and loads it.
    public static func load(
      package: URL, manifest: ModelManifest, computeUnits: ComputeUnits, cache: CompiledModelCache
    ) async throws(ColoringError) -> ColoringModel {
      let entry = try await cache.compiled(package, manifest: manifest)
      return try await ColoringModel(
        entry.use, at: entry.url, manifest: manifest, computeUnits: computeUnits)
    }

    /// Predicts `count` times on blank paper, so that the next prediction is as fast as those after
    /// it.
    public func warmUp(count: Int = 3) throws(ColoringError) {
      let input = try features(blankSheet(), nil)
      for _ in 0..<count { _ = try output(of: input) }
    }

    /// What the model itself paints: the picture, or the layer that belongs under the ink.
    ///
    /// lineart: grey, of exactly the model's size. hints: of the same size; nil where none are
    /// given. Throws for hints that the model does not take.
    public func paint(_ lineart: Picture, hints: Hints? = nil) throws(ColoringError) -> Picture {
      try picture(try output(of: try features(lineart, hints)))
    }

    /// Milliseconds of bare predictions of one drawing, conversions left out.
    ///
    /// Ends after `count` predictions, or when the task is cancelled: then throws.
    package func measure(
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
      guard let pool = inputPools[port.name] else {
        return MLFeatureValue(
          shapedArray: MLShapedArray<Float>(scalars: try port.encode(picture), shape: port.shape))
      }
      let buffer = try pool.next()
      try PixelBuffers.write(picture, to: buffer)
      return MLFeatureValue(pixelBuffer: buffer)
    }

    private func output(
      of input: MLDictionaryFeatureProvider
    ) throws(ColoringError) -> MLFeatureValue {
      // Whoever draws on does not wait for the pictures of strokes before.
      guard !Task.isCancelled else { throw .cancelled }
      let name = manifest.interface.output.name
      let result: any MLFeatureProvider
      do {
        result = try prediction(from: input, output: name)
      } catch let error as ColoringError {
        throw error
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

    /// Lets Core ML paint into a buffer of ours, where it takes one.
    private func prediction(
      from input: MLDictionaryFeatureProvider, output name: String
    ) throws -> any MLFeatureProvider {
      guard let pool = outputPool else {
        return try model.prediction(from: input, options: options)
      }
      options.outputBackings = [name: try pool.next()]
      // The buffer is the result's from then on, and the pool's when that is gone.
      defer { options.outputBackings = [:] }
      do {
        return try model.prediction(from: input, options: options)
      } catch {
        // Which engines take a buffer for which format is written nowhere: if it was the buffer,
        // predictions go on without one.
        options.outputBackings = [:]
        let result = try model.prediction(from: input, options: options)
        outputPool = nil
        return result
      }
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
