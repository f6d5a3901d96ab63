/// A clean line drawing, white paper and black ink, and what was done to make it one.
///
/// Within one grey level of `training/picture/cleaning.py`.
public struct Cleaned: Equatable, Sendable {
  /// Grey: paper 255, ink 0.
  public let lineart: Picture
  /// A line each, in the order in which it was done; none where the drawing was clean already.
  public let notes: [String]

  /// Makes a clean line drawing of whatever shows lines.
  ///
  /// In this order: transparency is laid on paper, light lines on dark are inverted, the light of a
  /// photograph is divided out, coloured ink becomes grey, paper and ink are set to white and black.
  /// Each step is taken only where the picture needs it: a clean drawing comes out bit by bit.
  /// picture: of any channels, upright. Throws with the reason for a page that is blank or almost
  /// black.
  public init(_ picture: Picture) throws(NurieError) {
    var steps = CleaningSteps(picture)
    lineart = try steps.clean().picture
    notes = steps.notes
  }
}
