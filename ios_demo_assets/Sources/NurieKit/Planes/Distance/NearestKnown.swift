/// Which known pixel is nearest to each: OpenCV's labelled distances, whose ties it repeats.
enum NearestKnown {
  private static let side: Int32 = 1 << 16
  // 1.4 and 2.1969 in OpenCV's fixed point of 16 bits.
  private static let corner: Int32 = 91750, knight: Int32 = 143976
  private static let far: Int32 = .max >> 2

  /// Steps to the neighbours that were measured before, in the order in which ties are decided.
  private static let steps: [(x: Int, y: Int, length: Int32)] = [
    (-1, -2, knight), (1, -2, knight), (-2, -1, knight), (-1, -1, corner), (0, -1, side),
    (1, -1, corner), (2, -1, knight), (-1, 0, side),
  ]

  /// Returns for each pixel the place of the nearest known one, row by row.
  ///
  /// known: height x width. Precondition: one of them is known.
  static func places(of known: [Bool], width: Int) -> [Int32] {
    let height = known.count / width
    var distance = known.map { $0 ? 0 : far }
    var place = known.indices.map { known[$0] ? Int32($0) : 0 }
    func look(_ x: Int, _ y: Int, _ direction: Int) {
      let index = y * width + x
      for step in steps {
        let (nearX, nearY) = (x + direction * step.x, y + direction * step.y)
        guard nearX >= 0, nearX < width, nearY >= 0, nearY < height else { continue }
        let near = nearY * width + nearX
        if distance[near] + step.length < distance[index] {
          distance[index] = distance[near] + step.length
          place[index] = place[near]
        }
      }
    }
    for y in 0..<height {
      for x in 0..<width where !known[y * width + x] { look(x, y, 1) }
    }
    for y in stride(from: height - 1, through: 0, by: -1) {
      for x in stride(from: width - 1, through: 0, by: -1)
      where distance[y * width + x] > side { look(x, y, -1) }
    }
    return place
  }
}
