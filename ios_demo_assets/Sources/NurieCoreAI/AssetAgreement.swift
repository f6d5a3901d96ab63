#if canImport(CoreAI)
  import CoreAI
  import NurieKit

  /// Holds a loaded function to the manifest: the wrong one delivered in silence is the worst result.
  @available(iOS 27, macOS 27, macCatalyst 27, visionOS 27, *)
  enum AssetAgreement {
    /// Throws if the function has other ports than the manifest says.
    static func require(
      _ function: InferenceFunctionDescriptor, manifest: ModelManifest
    ) throws(ColoringError) {
      let ports = manifest.interface
      let inputs = ports.inputs.map(\.name)
      guard function.inputNames.sorted() == inputs.sorted() else {
        throw .disagreement(
          "\(manifest.artifact) takes \(function.inputNames.sorted()). Its manifest says "
            + "\(inputs). Copy both again.")
      }
      guard function.outputNames == [ports.output.name] else {
        throw .disagreement(
          "\(manifest.artifact) returns \(function.outputNames.sorted()). Its manifest says "
            + "\(ports.output.name). Copy both again.")
      }
      for port in ports.inputs {
        try require(port, is: function.inputDescriptor(of: port.name), of: manifest)
      }
      try require(
        ports.output, is: function.outputDescriptor(of: ports.output.name), of: manifest)
    }

    private static func require(
      _ port: ModelPort, is found: InferenceValue.Descriptor?, of manifest: ModelManifest
    ) throws(ColoringError) {
      guard port.kind == .tensor, port.dtype == .float32, case .ndArray(let array) = found,
        array.shape == port.shape, array.scalarType == .float32
      else {
        throw .disagreement(
          "\(manifest.artifact): its \(port.name) is not the \(port.dtype.rawValue) "
            + "\(port.kind.rawValue) of \(port.shape) that its manifest says. Copy both again.")
      }
    }
  }
#endif
