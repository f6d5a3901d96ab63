/// Sums by pairs of numbers: a hash table with open addresses, since a picture asks a million times.
struct PairSums: Sendable {
  private static let empty = UInt64.max

  private var keys: [UInt64] = []
  private var sums: [Int] = []
  private var used = 0
  /// Where the last pair stands: neighbouring pixels ask for the same one.
  private var last = 0

  /// Adds to the sum of a pair. Precondition: both are 0 or more, and below 2^31.
  @inline(__always)
  mutating func add(_ amount: Int, to first: Int, _ second: Int) {
    let key = UInt64(first) << 32 | UInt64(second)
    if last < keys.count, keys[last] == key {
      sums[last] += amount
    } else {
      addElsewhere(amount, to: key)
    }
  }

  /// Adds all sums of another table.
  mutating func add(_ other: PairSums) {
    for slot in other.keys.indices where other.keys[slot] != Self.empty {
      addElsewhere(other.sums[slot], to: other.keys[slot])
    }
  }

  /// The pairs, by the first number and then the second.
  func sorted() -> [(first: Int, second: Int, sum: Int)] {
    keys.indices.filter { keys[$0] != Self.empty }.sorted { keys[$0] < keys[$1] }.map { slot in
      (Int(keys[slot] >> 32), Int(keys[slot] & 0xFFFF_FFFF), sums[slot])
    }
  }

  private mutating func addElsewhere(_ amount: Int, to key: UInt64) {
    if used * 2 >= keys.count { grow() }
    last = slot(of: key)
    if keys[last] == Self.empty {
      keys[last] = key
      used += 1
    }
    sums[last] += amount
  }

  private func slot(of key: UInt64) -> Int {
    // Knuth 6.4: multiplied by 2^64 / golden ratio, neighbouring keys lie far apart.
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 20) & (keys.count - 1)
    while keys[slot] != Self.empty, keys[slot] != key { slot = (slot + 1) & (keys.count - 1) }
    return slot
  }

  private mutating func grow() {
    let (oldKeys, oldSums) = (keys, sums)
    keys = [UInt64](repeating: Self.empty, count: max(64, oldKeys.count * 2))
    sums = [Int](repeating: 0, count: keys.count)
    for old in oldKeys.indices where oldKeys[old] != Self.empty {
      let new = slot(of: oldKeys[old])
      keys[new] = oldKeys[old]
      sums[new] = oldSums[old]
    }
  }
}
