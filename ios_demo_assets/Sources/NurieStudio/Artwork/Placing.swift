import NurieKit

extension HintStroke {
  /// The same hint on a canvas of another scale.
  func placed(scale: Double) throws(NurieError) -> HintStroke {
    HintStroke(stroke: try stroke.placed(scale: scale), red: red, green: green, blue: blue)
  }

  /// Its colour.
  public var color: RGB { RGB(red: red, green: green, blue: blue) }
}

extension Artwork {
  /// Throws unless line art can be laid on this canvas as it is.
  func requireFits(_ picture: Picture) throws(NurieError) {
    guard picture.channels == .grey, (picture.width, picture.height) == (width, height) else {
      throw .picture(
        "Expected grey line art of the canvas's size, \(width) x \(height), received "
          + "\(picture.width) x \(picture.height) with \(picture.channels.rawValue) channels.")
    }
  }

  /// An artwork for an imported drawing: a canvas of its shape.
  ///
  /// lineart: grey, cleaned.
  public init(tracing lineart: Picture) throws(NurieError) {
    try self.init(width: lineart.width, height: lineart.height)
    try requireFits(lineart)
    sheet = Sheet(picture: lineart)
  }
}

extension Artwork {
  /// Takes the places of locks as they were found, unless they were changed since.
  mutating func anchor(_ found: [RegionLock], insteadOf given: [RegionLock]) {
    guard locks == given else { return }
    locks = found
    isAnchored = true
  }
}
