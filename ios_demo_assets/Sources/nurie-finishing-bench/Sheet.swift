import Foundation
import NurieKit

/// The drawing that is timed where none is given: a sheet full of figures.
enum Sheet {
  static let figuresAcross = 4, figuresDown = 3

  /// A sheet of twelve figures of closed, crossing and open lines, as a pen of 4 points draws them.
  static func figures(width: Int, height: Int) throws -> Picture {
    let side = Double(min(width / figuresAcross, height / figuresDown))
    var strokes: [Stroke] = []
    for number in 0..<(figuresAcross * figuresDown) {
      let (row, column) = number.quotientAndRemainder(dividingBy: figuresAcross)
      let x = (Double(column) + 0.5) * Double(width) / Double(figuresAcross)
      let y = (Double(row) + 0.5) * Double(height) / Double(figuresDown)
      for ring in 2...4 {
        // The outermost ring of every third figure is open.
        let turn = ring == 4 && number % 3 == 0 ? 0.93 : 1.0
        strokes.append(
          try self.ring(
            x: x, y: y, radius: side * 0.11 * Double(ring), petals: 3 + number % 5, turn: turn,
            width: side / 80))
      }
      for spoke in 0..<(2 + number % 3) {
        let angle = Double(spoke) + Double(number) / 5
        strokes.append(
          try stroke(
            [(0.22, angle), (0.44, angle + 0.3)].map { radius, angle in
              (x + side * radius * cos(angle), y + side * radius * sin(angle))
            }, width: side / 80))
      }
    }
    return try StrokeRasteriser.lineart(strokes, width: width, height: height)
  }

  private static func ring(
    x: Double, y: Double, radius: Double, petals: Int, turn: Double, width: Double
  ) throws -> Stroke {
    let steps = 120
    return try stroke(
      (0...steps).map { step in
        let angle = turn * 2 * Double.pi * Double(step) / Double(steps)
        let reach = radius * (1 + 0.15 * cos(Double(petals) * angle))
        return (x + reach * cos(angle), y + reach * sin(angle))
      }, width: width)
  }

  private static func stroke(_ points: [(Double, Double)], width: Double) throws -> Stroke {
    try Stroke(points: points.map { StrokePoint(x: $0.0, y: $0.1, width: width) })
  }
}
