#if canImport(CoreML)
  import CoreML
  import CoreVideo
  import NurieKit

  /// The pools of buffers that a model's pictures pass through.
  enum ModelPictures {
    /// One for each input that is a picture, by its name.
    static func inputPools(
      of manifest: ModelManifest
    ) throws(ColoringError) -> [String: PixelBufferPool] {
      var pools: [String: PixelBufferPool] = [:]
      for port in manifest.interface.inputs where port.kind == .image {
        guard let format = PixelBuffers.format(of: port.channels) else {
          throw .disagreement(
            "\(manifest.artifact): its manifest says that \(port.name) is a picture with opacity. "
              + "Core ML takes grey and RGB: export it again.")
        }
        pools[port.name] = try PixelBufferPool(
          width: port.width, height: port.height, format: format)
      }
      return pools
    }

    /// What the model may paint into: buffers of the format that it returns anyway; nil where it
    /// returns numbers, or a format that we do not read.
    static func outputPool(
      of manifest: ModelManifest, _ description: MLModelDescription
    ) throws(ColoringError) -> PixelBufferPool? {
      let port = manifest.interface.output
      guard
        let format = description.outputDescriptionsByName[port.name]?.imageConstraint?
          .pixelFormatType, PixelBuffers.canRead(format)
      else { return nil }
      return try PixelBufferPool(width: port.width, height: port.height, format: format)
    }
  }
#endif
