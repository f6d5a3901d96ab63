#if canImport(CoreML)
  import NurieKit

  extension Colorizing {
    /// Milliseconds from picture to picture, conversions included.
    package func measureEndToEnd(
      _ lineart: Picture, hints: Hints? = nil, count: Int
    ) async throws(ColoringError) -> [Double] {
      let clock = ContinuousClock()
      var samples: [Double] = []
      for _ in 0..<count {
        let start = clock.now
        _ = try await color(lineart, hints: hints)
        samples.append((clock.now - start).milliseconds)
      }
      return samples
    }
  }
#endif
