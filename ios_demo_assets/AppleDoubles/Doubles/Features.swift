import Foundation

public protocol MLFeatureProvider: AnyObject {
  var featureNames: Set<String> { get }
  func featureValue(for featureName: String) -> MLFeatureValue?
}

public final class MLDictionaryFeatureProvider: MLFeatureProvider {
  private let values: [String: Any]
  public init(dictionary: [String: Any]) throws { values = dictionary }
  public var featureNames: Set<String> { Set(values.keys) }
  public func featureValue(for featureName: String) -> MLFeatureValue? {
    values[featureName] as? MLFeatureValue
  }
}

public final class MLPredictionOptions {
  public var outputBackings: [String: Any] = [:]
  public init() {}
}

public final class MLMultiArray {
  let values: [Float]
  init(_ values: [Float]) { self.values = values }
}

public struct MLShapedArray<Scalar: Sendable>: Sendable {
  public let scalars: [Scalar]
  public let shape: [Int]

  public init(scalars: [Scalar], shape: [Int]) {
    precondition(scalars.count == shape.reduce(1, *))
    (self.scalars, self.shape) = (scalars, shape)
  }
}

extension MLShapedArray where Scalar == Float {
  public init(converting array: MLMultiArray) {
    self.init(scalars: array.values, shape: [array.values.count])
  }
}

public final class MLFeatureValue {
  public let imageBufferValue: CVPixelBuffer?
  public let multiArrayValue: MLMultiArray?

  public init(pixelBuffer: CVPixelBuffer) {
    (imageBufferValue, multiArrayValue) = (pixelBuffer, nil)
  }

  public init(shapedArray: MLShapedArray<Float>) {
    (imageBufferValue, multiArrayValue) = (nil, MLMultiArray(shapedArray.scalars))
  }
}

// MARK: - the compute plan

public final class MLCPUComputeDevice {}
public final class MLGPUComputeDevice {}
public final class MLNeuralEngineComputeDevice {}

public enum MLComputeDevice {
  case cpu(MLCPUComputeDevice)
  case gpu(MLGPUComputeDevice)
  case neuralEngine(MLNeuralEngineComputeDevice)
}

public enum MLModelStructure: Sendable {
  public struct Program: Sendable {
    public struct Function: Sendable {
      public let block: Block
    }
    public struct Block: Sendable {
      public let operations: [Operation]
    }
    public struct Operation: Sendable {
      public let operatorName: String
      public let blocks: [Block]
    }
    public let functions: [String: Function]
  }
  case program(Program)
}

/// Two convolutions, a constant and, in a block inside a `cond`, a cast that the processor keeps.
public final class MLComputePlan {
  public struct DeviceUsage {
    public let preferred: MLComputeDevice
  }
  public struct Cost {
    public let weight: Double
  }
  private let neuralEngine: Bool

  private init(neuralEngine: Bool) { self.neuralEngine = neuralEngine }

  public static func load(
    contentsOf url: URL, configuration: MLModelConfiguration
  ) async throws -> MLComputePlan {
    try Task.checkCancellation()
    return MLComputePlan(
      neuralEngine: [.all, .cpuAndNeuralEngine].contains(configuration.computeUnits))
  }

  public var modelStructure: MLModelStructure {
    func operation(
      _ name: String, _ blocks: [MLModelStructure.Program.Block] = []
    ) -> MLModelStructure.Program.Operation { .init(operatorName: name, blocks: blocks) }
    let inner = MLModelStructure.Program.Block(operations: [operation("ios16.cast")])
    let block = MLModelStructure.Program.Block(operations: [
      operation("const"), operation("ios17.conv"), operation("ios17.conv"),
      operation("cond", [inner]),
    ])
    return .program(.init(functions: ["main": .init(block: block)]))
  }

  public func deviceUsage(for operation: MLModelStructure.Program.Operation) -> DeviceUsage? {
    switch operation.operatorName {
    case "ios17.conv" where neuralEngine: DeviceUsage(preferred: .neuralEngine(.init()))
    case "cond": nil
    default: DeviceUsage(preferred: .cpu(.init()))
    }
  }

  /// A convolution costs three times a cast; together they do not cost 1.
  public func estimatedCost(of operation: MLModelStructure.Program.Operation) -> Cost? {
    switch operation.operatorName {
    case "ios17.conv": Cost(weight: 0.375)
    case "ios16.cast": Cost(weight: 0.125)
    default: nil
    }
  }
}
