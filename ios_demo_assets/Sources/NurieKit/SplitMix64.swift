/// SplitMix64 (Steele, Lea and Flood 2014): the same draws in Swift and Python from the same seed.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Begins at a seed.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// An index below `count`: the top 53 bits as a share of 1, times `count`, rounded down.
  public mutating func index(below count: Int) -> Int {
    Int(Double(next() >> 11) * 0x1p-53 * Double(count))
  }
}
