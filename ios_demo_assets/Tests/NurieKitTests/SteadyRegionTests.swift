import Foundation
import Testing

@testable import NurieKit

@Suite("Regions of a drawing that goes on") struct SteadyRegionTests {
  static let side = 97

  /// A grid of three by three fields, some lines of it left out, and strokes.
  static func map(
    without open: Set<Int> = [], adding strokes: [Stroke] = []
  ) throws -> (map: RegionMap, lineart: Picture) {
    var lines: [Stroke] = []
    for (number, place) in [2.0, 32.5, 64.5, 95].enumerated() {
      for part in 0..<3 {
        let (from, to) = ([2.0, 32.5, 64.5][part], [32.5, 64.5, 95][part])
        if !open.contains(number * 3 + part) {
          lines.append(try StrokeTests.stroke([(place, from), (place, to)], width: 2))
        }
        lines.append(try StrokeTests.stroke([(from, place), (to, place)], width: 2))
      }
    }
    let lineart = try StrokeRasteriser.lineart(lines + strokes, width: side, height: side)
    return (try RegionMap(lineart, lineWidth: 2), lineart)
  }

  /// The middle of a field.
  static func middle(_ column: Int, _ row: Int) -> (x: Int, y: Int) {
    (17 + 31 * column, 17 + 31 * row)
  }

  /// Every field locked in a colour of its own.
  static func locked() throws -> SteadyRegions {
    var regions = SteadyRegions(try map().map)
    for (number, identity) in regions.identities.enumerated() {
      regions.lock(identity, to: RGB(red: UInt8(number * 20), green: 7, blue: 200))
    }
    return regions
  }

  @Test("are each of an identity of its own") func unique() throws {
    let regions = SteadyRegions(try Self.map().map)
    #expect(regions.map.count == 13)  // nine fields, and the page's margins around them
    #expect(Set(regions.identities).count == 13)
  }

  @Test(
    "keep identity and locked colour when a stroke is added elsewhere", arguments: 0..<24)
  func elsewhere(seed: Int) throws {
    var random = Lehmer(seed: seed)
    let before = try Self.locked()
    // A stroke within one field, of any shape.
    let (column, row) = (random.next(below: 3), random.next(below: 3))
    let points = (0..<(2 + random.next(below: 5))).map { _ in
      (
        Double(5 + 31 * column + random.next(below: 25)),
        Double(5 + 31 * row + random.next(below: 25))
      )
    }
    let width = 0.5 + Double(random.next(below: 30)) / 10
    let stroke = try StrokeTests.stroke(points, width: width)
    let after = before.changed(to: try Self.map(adding: [stroke]).map)
    for other in 0..<9 where (other % 3, other / 3) != (column, row) {
      let (x, y) = Self.middle(other % 3, other / 3)
      let identity = try #require(before.identity(x: x, y: y))
      #expect(after.identity(x: x, y: y) == identity)
      #expect(after.locked[identity] == before.locked[identity])
    }
    #expect(Set(after.identities).count == after.map.count)
    // What was locked is locked as long as it is there, and nothing else is.
    #expect(
      after.locked == before.locked.filter { after.identities.contains($0.key) })
  }

  @Test("keep all of it when nothing changes, and through many changes") func chain() throws {
    var random = Lehmer(seed: 99)
    let first = try Self.locked()
    #expect(first.changed(to: first.map).identities == first.identities)
    var regions = first
    for _ in 0..<12 {
      let (x, y) = (Double(40 + random.next(below: 18)), Double(40 + random.next(below: 18)))
      let dot = try StrokeTests.stroke([(x, y), (x + 3, y + 2)], width: 1.5)
      regions = regions.changed(to: try Self.map(adding: [dot]).map)
    }
    regions = regions.changed(to: first.map)
    #expect(regions.identities == first.identities && regions.locked == first.locked)
  }

  @Test("that are split: the larger part keeps it, the other is new and free") func split() throws {
    let before = try Self.locked()
    // A third of the middle field lies left of it.
    let wall = try StrokeTests.stroke([(42, 32), (42, 65)], width: 2)
    let after = before.changed(to: try Self.map(adding: [wall]).map)
    let identity = before.identity(x: 55, y: 48)
    #expect(after.identity(x: 55, y: 48) == identity)
    let small = try #require(after.identity(x: 37, y: 48))
    #expect(!before.identities.contains(small) && after.locked[small] == nil)
    // And joined again, they are what they were.
    #expect(after.changed(to: before.map).identities == before.identities)
  }

  @Test("of two branches after an undo are told apart") func branches() throws {
    let before = SteadyRegions(try Self.map().map)
    // A wall in the middle field, and after the undo one in the field on its right.
    let branches = try [42.0, 73.0].map { x in
      let wall = try StrokeTests.stroke([(x, 32), (x, 65)], width: 2)
      return before.changed(to: try Self.map(adding: [wall]).map)
    }
    let small = [branches[0].identity(x: 37, y: 48), branches[1].identity(x: 68, y: 48)]
    #expect(small[0] != small[1])
    #expect(!branches[0].identities.contains(try #require(small[1])))
  }

  @Test("that become one have the identity of the larger") func merged() throws {
    let wall = try StrokeTests.stroke([(42, 32), (42, 65)], width: 2)
    var before = SteadyRegions(try Self.map(adding: [wall]).map)
    let large = try #require(before.identity(x: 55, y: 48))
    let small = try #require(before.identity(x: 37, y: 48))
    before.lock(small, to: .white)
    before.lock(large, to: RGB(red: 1, green: 2, blue: 3))
    var after = before.changed(to: try Self.map().map)
    #expect(after.identity(x: 37, y: 48) == large)
    #expect(after.locked == [large: RGB(red: 1, green: 2, blue: 3)])
    let isLocked = after.lock(small, to: .white)
    #expect(!isLocked && after.locked.count == 1)
    after.lock(large, to: nil)
    #expect(!after.hasLocks)
  }

  @Test("of a drawing of another size are new") func otherSize() throws {
    let before = try Self.locked()
    var other = before.changed(
      to: try RegionMap(try .paper(width: 5, height: 4), lineWidth: 1))
    // An identity from before names none of them, though their numbers are small as well.
    #expect(Set(other.identities).isDisjoint(with: before.identities))
    let isAnyLocked = before.identities.contains { other.lock($0, to: .white) }
    #expect(!isAnyLocked)
    #expect(other.map.count == 1 && !other.hasLocks)
    #expect(other.identity(x: 5, y: 0) == nil && other.identity(x: -1, y: 0) == nil)
  }

  /// Numbers that look random, the same ones every time: Lehmer's generator.
  struct Lehmer {
    private var state: UInt64
    init(seed: Int) { state = UInt64(seed * 7919 + 1) }
    mutating func next(below end: Int) -> Int {
      state = state * 48271 % 2_147_483_647
      return Int(state >> 4) % end
    }
  }
}
