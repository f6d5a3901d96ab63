import Foundation

/// SHA-256 (FIPS 180-4) for systems without CryptoKit: Foundation has none.
struct PortableSHA256 {
  // FIPS 180-4, 4.2.2 and 5.3.3: fractional parts of the cube and square roots of the first primes.
  private static let constants: [UInt32] = firstPrimes(64).map { fraction(of: cbrt(Double($0))) }
  private static let start: [UInt32] = firstPrimes(8).map { fraction(of: Double($0).squareRoot()) }

  private var state = PortableSHA256.start
  private var pending: [UInt8] = []
  private var length: UInt64 = 0

  /// Adds bytes.
  mutating func update(data: some Sequence<UInt8>) {
    for byte in data {
      pending.append(byte)
      length += 1
      if pending.count == 64 {
        compress(pending)
        pending.removeAll(keepingCapacity: true)
      }
    }
  }

  /// The 32 bytes of the hash of everything added.
  func finalize() -> [UInt8] {
    var last = self
    let bits = length * 8
    last.update(data: [0x80])
    while last.pending.count != 56 { last.update(data: [0]) }
    last.update(data: (0..<8).reversed().map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) })
    return last.state.flatMap { word in
      (0..<4).reversed().map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
  }

  private mutating func compress(_ block: [UInt8]) {
    var words = [UInt32](repeating: 0, count: 64)
    for i in 0..<16 {
      words[i] =
        UInt32(block[4 * i]) << 24 | UInt32(block[4 * i + 1]) << 16
        | UInt32(block[4 * i + 2]) << 8 | UInt32(block[4 * i + 3])
    }
    for i in 16..<64 {
      let (a, b) = (words[i - 15], words[i - 2])
      let s0 = rotated(a, 7) ^ rotated(a, 18) ^ (a >> 3)
      let s1 = rotated(b, 17) ^ rotated(b, 19) ^ (b >> 10)
      words[i] = words[i - 16] &+ s0 &+ words[i - 7] &+ s1
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for i in 0..<64 {
      let s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
      let t1 = h &+ s1 &+ ((e & f) ^ (~e & g)) &+ Self.constants[i] &+ words[i]
      let s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
      let t2 = s0 &+ ((a & b) ^ (a & c) ^ (b & c))
      (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
    }
    for (i, word) in [a, b, c, d, e, f, g, h].enumerated() { state[i] &+= word }
  }

  private func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 {
    word >> bits | word << (32 - bits)
  }

  private static func firstPrimes(_ count: Int) -> [Int] {
    var primes: [Int] = []
    var candidate = 2
    while primes.count < count {
      if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
      candidate += 1
    }
    return primes
  }

  /// The first 32 bits behind the point; a Double holds 48 or more behind the point of these roots.
  private static func fraction(of root: Double) -> UInt32 {
    UInt32((root - root.rounded(.down)) * 4_294_967_296)
  }
}
