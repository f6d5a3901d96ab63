#if canImport(CoreAI)
  import CoreAI
  import NurieKit

  /// Numbers in and out of the arrays of Core AI.
  @available(iOS 27, macOS 27, macCatalyst 27, visionOS 27, *)
  enum Tensors {
    /// An array of a port's shape that holds its numbers in their order.
    static func array(_ numbers: [Float], shape: [Int]) -> NDArray {
      // Row after row, without gaps: so Apple documents this initializer.
      var array = NDArray(shape: shape, scalarType: .float32)
      let view = array.mutableView(as: Float.self)
      view.withUnsafeMutablePointer { start, _, _ in
        for (place, number) in numbers.enumerated() { start[place] = number }
      }
      return array
    }

    /// The numbers of an array of float32 in the order of its shape, whatever lies between its rows.
    static func numbers(_ array: NDArray) -> [Float] {
      array.view(as: Float.self).withUnsafePointer { start, shape, strides in
        let axes = (0..<shape.count).map { (length: shape[$0], stride: strides[$0]) }
        var offsets = [0]
        for axis in axes {
          offsets = offsets.flatMap { offset in
            (0..<axis.length).map { offset + $0 * axis.stride }
          }
        }
        return offsets.map { start[$0] }
      }
    }
  }
#endif
