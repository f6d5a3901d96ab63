import Foundation

/// What can go wrong in NurieKit. Each case carries a sentence that a screen can show as it is.
public enum NurieError: Error, Equatable, Sendable {
  /// A picture has the wrong size, the wrong channels, or holds no colours.
  case picture(String)
  /// A manifest is missing, damaged, of another version, or describes another model.
  case manifest(String)
  /// Golden drawings are missing, damaged, or belong to another model.
  case golden(String)
  /// A device report breaks `device-report/1`.
  case report(String)
  /// A statistic was asked of no samples, or of an impossible share.
  case statistics(String)

  /// What happened, what was expected, what was received and what to do.
  public var sentence: String {
    switch self {
    case .picture(let sentence), .manifest(let sentence), .golden(let sentence),
      .report(let sentence), .statistics(let sentence):
      sentence
    }
  }
}

extension NurieError: LocalizedError {
  /// The sentence, for code that shows errors it does not know.
  public var errorDescription: String? { sentence }
}
