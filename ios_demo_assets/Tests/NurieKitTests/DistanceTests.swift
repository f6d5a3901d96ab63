import Testing

@testable import NurieKit

@Suite("Distances to ink") struct DistanceTests {
  @Test("are squared and exact, by hand") func byHand() throws {
    var distance = ExactDistance()
    distance.measure(
      Plane(try grey([[255, 255, 255, 255], [0, 255, 255, 255], [255, 255, 255, 0]])),
      paperFrom: 192)
    #expect(
      distance.squared.values == [
        1, 2, 5, 4,
        0, 1, 2, 1,
        1, 2, 1, 0,
      ])
  }

  @Test("are found in a row, in a column and in a pixel") func narrow() throws {
    var distance = ExactDistance()
    let levels: [UInt8] = [255, 255, 0, 255]
    for (width, height) in [(4, 1), (1, 4)] {
      distance.measure(
        Plane(width: width, height: height, values: levels), paperFrom: 192)
      #expect(distance.squared.values == [4, 1, 0, 1])
    }
    distance.measure(Plane(try grey([[0]])), paperFrom: 192)
    #expect(distance.squared.values == [0])
  }

  @Test("of which the squares take more than 31 bits are as large as can be") func far() {
    // 46,340 squared is below 2^31, 46,341 squared above.
    var distance = ExactDistance()
    var row = Plane<UInt8>(width: 70_000, height: 1, filledWith: 255)
    row.values[0] = 0
    distance.measure(row, paperFrom: 192)
    #expect(distance.squared.values[46_340] == 46_340 * 46_340)
    #expect(distance.squared.values[46_341...].allSatisfy { $0 == .max })
  }
}
