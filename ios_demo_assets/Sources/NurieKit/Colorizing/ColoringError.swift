import Foundation

/// What can go wrong between a drawing and its colours, each with a sentence for the screen.
public enum ColoringError: Error, Equatable, Sendable {
  /// The package cannot be compiled, stored or loaded.
  case load(String)
  /// The model is not the one that its manifest describes.
  case disagreement(String)
  /// What runs the model refused, or returned something else than a picture.
  case prediction(String)
  /// The model returned values that are no numbers.
  case nonfinite(count: Int)
  /// A picture file cannot be decoded, or pixels cannot be handed to the system.
  case picture(String)
  /// NurieKit refused: a picture's size, a manifest, a bundle, a report.
  case refused(NurieError)
  /// Somebody asked to stop.
  case cancelled

  /// What happened and what to do.
  public var sentence: String {
    switch self {
    case .load(let sentence), .disagreement(let sentence), .prediction(let sentence),
      .picture(let sentence):
      sentence
    case .nonfinite(let count):
      "The model returned \(count) values that are no numbers. Try another compute unit, or "
        + "export it as fp32."
    case .refused(let error):
      error.sentence
    case .cancelled:
      "Stopped before it was done."
    }
  }

  /// Any error as one of these: what the system says is kept.
  public init(_ error: any Error) {
    switch error {
    case let error as ColoringError: self = error
    case let error as NurieError: self = .refused(error)
    case is CancellationError: self = .cancelled
    default: self = .prediction(error.localizedDescription)
    }
  }
}

extension ColoringError: LocalizedError {
  /// The sentence, for code that shows errors it does not know.
  public var errorDescription: String? { sentence }
}
