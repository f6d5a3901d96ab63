#if canImport(CoreML)
  import CoreML
  import NurieKit

  /// Holds a loaded model to its manifest: the wrong one delivered in silence is the worst result.
  enum ModelAgreement {
    // What conversion.to_coreml writes into every package.
    private static let checkpointKey = "nurie.checkpoint_sha256"

    /// Throws if the model has other ports than the manifest says, or comes from other weights.
    static func require(
      _ description: MLModelDescription, manifest: ModelManifest
    ) throws(ColoringError) {
      let ports = manifest.interface
      let inputs = description.inputDescriptionsByName
      for port in ports.inputs { try require(port, among: inputs, of: manifest) }
      // A model that takes hints does not run without them.
      guard inputs.count == ports.inputs.count else {
        throw .disagreement(
          "\(manifest.artifact) takes \(inputs.keys.sorted()). Its manifest says "
            + "\(ports.inputs.map(\.name)). Copy both again.")
      }
      try require(ports.output, among: description.outputDescriptionsByName, of: manifest)
      let own = description.metadata[.creatorDefinedKey] as? [String: String]
      let checkpoint = own?[checkpointKey] ?? "none"
      guard checkpoint == manifest.checkpointSHA256 else {
        throw .disagreement(
          "\(manifest.artifact) was exported from checkpoint \(checkpoint.prefix(12)). Its manifest "
            + "says \(manifest.checkpointSHA256.prefix(12)). Copy both again.")
      }
    }

    private static func require(
      _ port: ModelPort, among found: [String: MLFeatureDescription], of manifest: ModelManifest
    ) throws(ColoringError) {
      guard let feature = found[port.name] else {
        throw .disagreement(
          "\(manifest.artifact) has \(found.keys.sorted()). Its manifest says \(port.name).")
      }
      let agrees: Bool
      switch port.kind {
      case .image:
        let constraint = feature.imageConstraint
        agrees = constraint?.pixelsWide == port.width && constraint?.pixelsHigh == port.height
      case .tensor:
        agrees = feature.multiArrayConstraint?.shape.map(\.intValue) == port.shape
      }
      guard agrees else {
        throw .disagreement(
          "\(manifest.artifact): its \(port.name) is not the \(port.kind.rawValue) of \(port.width) "
            + "x \(port.height) that its manifest says. Copy both again.")
      }
    }
  }
#endif
