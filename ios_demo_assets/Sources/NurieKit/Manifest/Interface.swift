extension ModelManifest {
  /// Both ends of the model, and what a picture becomes before it enters.
  ///
  /// A port's name says what it is for: `lineart`, then `hints`, or `hint_color` and `hint_mask`.
  /// A net that somebody brought takes an `image`, and returns a `result`: drawings are given to it
  /// where that is grey or RGB, and what it returns RGB of the same size.
  public struct Interface: Decodable, Equatable, Sendable {
    /// What the model takes: the drawing, then its hints where it takes any.
    public let inputs: [ModelPort]
    /// What it paints.
    public let output: ModelPort
    /// Whether it paints a layer: the finished picture is that under the drawing's ink.
    public let underInk: Bool

    /// The port of the drawing.
    public var lineart: ModelPort { inputs[0] }
    /// Whether it takes hints beside the drawing.
    public var takesHints: Bool { inputs.count > 1 }
    /// Pixels in a row of its pictures.
    public var width: Int { output.width }
    /// Rows of its pictures.
    public var height: Int { output.height }

    enum CodingKeys: String, CodingKey, CaseIterable {
      case inputs, output
      case underInk = "under_ink"
    }

    /// Takes ports that were read.
    init(inputs: [ModelPort], output: ModelPort, underInk: Bool) {
      (self.inputs, self.output, self.underInk) = (inputs, output, underInk)
    }

    /// Reads all ports strictly. Refuses ports that no model of Nurie has.
    public init(from decoder: any Decoder) throws {
      try StrictKeys.require(CodingKeys.self, in: decoder)
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      inputs = try fields.decode([ModelPort].self, forKey: .inputs)
      output = try fields.decode(ModelPort.self, forKey: .output)
      underInk = try fields.decode(Bool.self, forKey: .underInk)
      func require(_ holds: Bool, _ key: CodingKeys, _ expected: String) throws {
        guard !holds else { return }
        throw DecodingError.dataCorruptedError(
          forKey: key, in: fields, debugDescription: expected)
      }
      let roles = inputs.map { Role(name: $0.name, colors: $0.colors) }
      try require(
        Role.known.contains(roles), .inputs,
        "expected grey lineart alone, or hints, or RGB hint_color and grey hint_mask after it, "
          + "or a grey or RGB image, received \(inputs.map { "\($0.colors.rawValue) \($0.name)" })")
      let painted = lineart.name == Role.image ? "result" : "color"
      let expected = Role(name: underInk ? "layer" : painted, colors: .rgb)
      try require(
        expected == Role(name: output.name, colors: output.colors), .output,
        "expected RGB \(expected.name) where under_ink is \(underInk), received "
          + "\(output.colors.rawValue) \(output.name)")
      try require(
        inputs.allSatisfy { $0.width == output.width && $0.height == output.height }, .inputs,
        "expected inputs and an output of one size")
    }

    /// The pixels that each input takes, in their order.
    ///
    /// hints: nil where none are given. Throws for a drawing or hints of another size, and for
    /// hints that the model does not take.
    public func pictures(
      lineart: Picture, hints: Hints?
    ) throws(NurieError) -> [(port: ModelPort, picture: Picture)] {
      guard takesHints || hints == nil else {
        throw .picture(
          "The model takes line art alone, received hints. Leave them out, or choose a model that "
            + "takes them.")
      }
      let given: Hints
      if let hints { given = hints } else { given = try .none(width: width, height: height) }
      var pictures: [(port: ModelPort, picture: Picture)] = []
      for port in inputs {
        let drawing = port.colors == .rgb ? try lineart.inThreeChannels() : lineart
        let picture = port == self.lineart ? drawing : given.picture(of: port.colors)
        try port.require(picture)
        pictures.append((port, picture))
      }
      return pictures
    }

    private struct Role: Equatable {
      static let image = "image"
      static let lineart = Role(name: "lineart", colors: .gray)
      static let known: [[Role]] = [
        [lineart],
        [Role(name: image, colors: .gray)],
        [Role(name: image, colors: .rgb)],
        [lineart, Role(name: "hints", colors: .rgba)],
        [lineart, Role(name: "hints", colors: .rgbMask)],
        [
          lineart, Role(name: "hint_color", colors: .rgb),
          Role(name: "hint_mask", colors: .gray),
        ],
      ]
      let name: String
      let colors: ModelPort.Colors
    }
  }
}
