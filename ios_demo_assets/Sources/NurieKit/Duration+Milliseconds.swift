extension Duration {
  /// The same in milliseconds, as reports count.
  package var milliseconds: Double {
    Double(components.seconds) * 1e3 + Double(components.attoseconds) * 1e-15
  }
}
