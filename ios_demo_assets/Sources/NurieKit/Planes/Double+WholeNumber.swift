extension Double {
  /// The nearest whole number; halves to even, as Python rounds.
  var wholeNumber: Int { Int(rounded(.toNearestOrEven)) }
}
