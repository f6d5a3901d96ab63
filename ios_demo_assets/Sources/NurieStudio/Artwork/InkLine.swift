import Foundation
import NurieKit

/// One line of the pen on a canvas.
public struct InkLine: Equatable, Identifiable, Sendable {
  /// Two lines of one identity are the same line: a line never changes, it is replaced.
  public let id: UUID
  /// In pixels of the canvas.
  public let stroke: Stroke

  /// Takes a line.
  public init(id: UUID = UUID(), stroke: Stroke) {
    self.id = id
    self.stroke = stroke
  }

  /// Lines are compared by identity.
  public static func == (one: InkLine, other: InkLine) -> Bool { one.id == other.id }
}
