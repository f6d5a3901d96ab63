extension ModelManifest {
  /// The same model at another of its sizes, as `ColoringAsset` loads it.
  ///
  /// Throws for a size that it does not serve.
  public func serving(width: Int, height: Int) throws(NurieError) -> ModelManifest {
    guard sizes.contains([height, width]) else {
      let served = sizes.map { "\($0[1]) x \($0[0])" }.joined(separator: ", ")
      throw .picture(
        "\(artifact) serves pictures of \(served) pixels, received \(width) x \(height). Export it "
          + "at that size.")
    }
    var chosen = self
    chosen.interface = interface.at(width: width, height: height)
    return chosen
  }
}

extension ModelManifest.Interface {
  /// Both ends with pictures of another size.
  func at(width: Int, height: Int) -> Self {
    Self(
      inputs: inputs.map { $0.at(width: width, height: height) },
      output: output.at(width: width, height: height), underInk: underInk)
  }
}

extension ModelPort {
  /// The port with pictures of another size.
  func at(width: Int, height: Int) -> Self {
    var port = self
    let first = layout == .nhwc ? 1 : 2
    port.shape.replaceSubrange(first...(first + 1), with: [height, width])
    return port
  }
}
