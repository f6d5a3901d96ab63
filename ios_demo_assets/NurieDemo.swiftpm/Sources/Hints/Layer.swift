import CoreGraphics
import NurieKit
import SwiftUI

/// The layer above the drawing that takes dots and strokes of colour, by a finger or a pencil.
struct HintLayer: View {
  // Of the canvas's shorter side: the middle of the widths that nets are trained with.
  private static let brush = 1.0 / 32
  // Points that a finger moves before another point is noted.
  private static let step = 2.0
  // Points of white around a mark, so that it is seen on its own colour.
  private static let rim = 3.0

  let studio: Studio
  let paint: Paint

  @State private var points: [StrokePoint] = []

  var body: some View {
    GeometryReader { canvas in
      let width = Self.brush * min(canvas.size.width, canvas.size.height)
      ZStack {
        // What nobody touched takes touches too.
        Color.clear.contentShape(Rectangle())
        ForEach(studio.marks.strokes.indices, id: \.self) { place in
          let hint = studio.marks.strokes[place]
          mark(hint.stroke.points, Color(hint))
        }
        mark(points, Color(paint))
      }
      .gesture(
        DragGesture(minimumDistance: 0)
          .onChanged { touch in note(touch, width: width) }
          .onEnded { _ in finish() })
    }
  }

  private func note(_ touch: DragGesture.Value, width: Double) {
    func point(_ place: CGPoint) -> StrokePoint {
      StrokePoint(x: place.x, y: place.y, width: width)
    }
    let (start, next) = (point(touch.startLocation), point(touch.location))
    // A touch that the system took away never ended: its points are no part of this one.
    guard let last = points.last, points.first == start else {
      points = [start]
      return
    }
    let (across, down) = (next.x - last.x, next.y - last.y)
    if (across * across + down * down).squareRoot() >= Self.step { points.append(next) }
  }

  private func finish() {
    do {
      let stroke = try Stroke(points: points)
      studio.touch {
        $0.add(
          HintStroke(stroke: stroke, red: paint.red, green: paint.green, blue: paint.blue))
      }
    } catch {
      studio.fail(error.sentence)
    }
    points = []
  }

  private func mark(_ points: [StrokePoint], _ color: Color) -> some View {
    let line = Path { path in
      for (place, point) in points.enumerated() {
        if place == 0 { path.move(to: CGPoint(x: point.x, y: point.y)) }
        // To where it begins, too: the ends being round, that is a dot.
        path.addLine(to: CGPoint(x: point.x, y: point.y))
      }
    }
    let width = points.first?.width ?? 0
    func style(_ width: Double) -> StrokeStyle {
      StrokeStyle(lineWidth: width, lineCap: .round, lineJoin: .round)
    }
    return ZStack {
      line.stroke(Color.white, style: style(width + Self.rim))
      line.stroke(color, style: style(width))
    }
    .allowsHitTesting(false)
  }
}

extension Color {
  /// The colour of a hint, as the model is given it.
  init(_ hint: HintStroke) {
    self.init(.sRGB, red: hint.red, green: hint.green, blue: hint.blue)
  }

  /// The colour of a paint.
  init(_ paint: Paint) {
    self.init(.sRGB, red: paint.red, green: paint.green, blue: paint.blue)
  }

  private init(_ space: Color.RGBColorSpace, red: UInt8, green: UInt8, blue: UInt8) {
    self.init(
      space, red: Double(red) / 255, green: Double(green) / 255, blue: Double(blue) / 255,
      opacity: 1)
  }
}
