import Foundation

// Core AI, as small as our code needs it. The asset is a folder with `double.json`, as the package of
// the double of Core ML; its arrays have gaps between their rows, as those of an engine may.

public struct SpecializationOptions: Hashable, Sendable {
  let name: String
  public static let `default` = SpecializationOptions(name: "all")
  public static let cpuOnly = SpecializationOptions(name: "cpuOnly")
}

/// What was specialised, by place and options, as long as nobody deletes it.
public final class AIModelCache: @unchecked Sendable {
  public static let `default` = AIModelCache()
  private let lock = NSLock()
  private var kept: Set<String> = []

  func keep(_ url: URL, _ options: SpecializationOptions) -> Bool {
    lock.withLock { kept.insert(Self.key(url, options)).inserted }
  }

  public func model(for url: URL, options: SpecializationOptions) throws -> AIModel? {
    let isKept = lock.withLock { kept.contains(Self.key(url, options)) }
    return isKept ? AIModel(behaviour: try Behaviour(ofPackage: url), options) : nil
  }

  public func deleteEntry(for url: URL, options: SpecializationOptions) throws {
    guard Asked.shared["alive"] == 0 else {
      throw Refused(errorDescription: "the double is in use")
    }
    let key = Self.key(url, options)
    guard lock.withLock({ kept.remove(key) }) != nil else {
      throw Refused(errorDescription: "the double keeps no such entry")
    }
  }

  private static func key(_ url: URL, _ options: SpecializationOptions) -> String {
    "\(options.name) \(url.standardizedFileURL.path)"
  }
}

public struct AIModel {
  private let behaviour: Behaviour
  private let life: Life
  private let engines: String

  init(behaviour: Behaviour, _ options: SpecializationOptions) {
    (self.behaviour, life, engines) = (behaviour, Life(), options.name)
  }

  public init(contentsOf url: URL, options: SpecializationOptions = .default) async throws {
    try Task.checkCancellation()
    Asked.shared.note("load asset \(options.name)")
    if Asked.shared["alive"] > 0, ProcessInfo.processInfo.environment["NURIE_DOUBLE_TELLS"] != nil {
      FileHandle.standardError.write(Data("the double: loaded beside another model\n".utf8))
    }
    self.init(behaviour: try Behaviour(ofPackage: url), options)
    if AIModelCache.default.keep(url, options) { Asked.shared.note("specialise") }
  }

  public var functionNames: [String] { behaviour.functions.keys.sorted() }

  public func loadFunction(named name: String) throws -> InferenceFunction? {
    guard let size = behaviour.functions[name] else { return nil }
    return InferenceFunction(
      name: name, behaviour: behaviour, width: size[0], height: size[1], engines: engines,
      life: life)
  }
}

/// Counts who holds a model, or a function of it.
private final class Life: Sendable {
  init() { Asked.shared.note("alive") }
  deinit { Asked.shared.note("alive", by: -1) }
}

public struct NDArray {
  public enum ScalarType: Equatable, Sendable {
    case float16, float32
  }

  public struct View<Element> {
    let array: NDArray
    public func withUnsafePointer<R, E: Error>(
      _ body: (UnsafePointer<Element>, Span<Int>, Span<Int>) throws(E) -> R
    ) throws(E) -> R {
      let start = UnsafeRawPointer(array.memory.start).assumingMemoryBound(to: Element.self)
      return try body(start, array.shape.span, array.strides.span)
    }
  }

  public struct MutableView<Element> {
    let array: NDArray
    public func withUnsafeMutablePointer<R, E: Error>(
      _ body: (UnsafeMutablePointer<Element>, Span<Int>, Span<Int>) throws(E) -> R
    ) throws(E) -> R {
      let start = UnsafeMutableRawPointer(array.memory.start)
        .assumingMemoryBound(to: Element.self)
      return try body(start, array.shape.span, array.strides.span)
    }
  }

  public let shape: [Int]
  public let scalarType: ScalarType
  let strides: [Int]
  let memory: Memory

  public init(shape: [Int], scalarType: ScalarType) {
    self.init(shape: shape, scalarType: scalarType, gap: 0)
  }

  /// gap: numbers between two rows.
  init(shape: [Int], scalarType: ScalarType, gap: Int) {
    (self.shape, self.scalarType) = (shape, scalarType)
    let row = shape[2] * shape[3] + gap
    strides = [shape[1] * row, row, shape[3], 1]
    memory = Memory(count: strides[0])
  }

  public func view<T>(as type: T.Type = T.self) -> View<T> { View(array: self) }
  public mutating func mutableView<T>(as type: T.Type = T.self) -> MutableView<T> {
    MutableView(array: self)
  }

  /// Numbers that are no paper until somebody writes them.
  final class Memory {
    let start: UnsafeMutablePointer<Float>
    init(count: Int) {
      start = .allocate(capacity: count)
      start.initialize(repeating: 7, count: count)
    }
    deinit { start.deallocate() }
  }

  subscript(row: Int, column: Int, channel: Int) -> Float {
    get { memory.start[row * strides[1] + column * strides[2] + channel] }
    nonmutating set { memory.start[row * strides[1] + column * strides[2] + channel] = newValue }
  }
}

public struct NDArrayDescriptor: Sendable {
  public let shape: [Int]
  public let scalarType: NDArray.ScalarType
}

public struct ImageDescriptor: Sendable {}

public struct InferenceValue: ~Copyable {
  public enum Descriptor: Sendable {
    case ndArray(NDArrayDescriptor)
    case image(ImageDescriptor)
  }
  let value: NDArray
  public var ndArray: NDArray? { consuming get { value } }
}

public struct InferenceFunctionDescriptor: Sendable {
  public let name: String
  fileprivate let inputs: [String: [Int]]
  fileprivate let outputs: [String: [Int]]

  public var inputNames: [String] { inputs.keys.sorted() }
  public var outputNames: [String] { outputs.keys.sorted() }
  public func inputDescriptor(of name: String) -> InferenceValue.Descriptor? {
    inputs[name].map { .ndArray(NDArrayDescriptor(shape: $0, scalarType: .float32)) }
  }
  public func outputDescriptor(of name: String) -> InferenceValue.Descriptor? {
    outputs[name].map { .ndArray(NDArrayDescriptor(shape: $0, scalarType: .float32)) }
  }
}

/// Paints as the double of Core ML does, of numbers in [-1, 1], channels last.
public struct InferenceFunction: Sendable {
  public struct Outputs: ~Copyable {
    fileprivate var values: [String: NDArray]
    public mutating func remove(_ name: String) -> InferenceValue? {
      guard let value = values.removeValue(forKey: name) else { return nil }
      return InferenceValue(value: value)
    }
  }
  public struct MutableViews: ~Copyable {
    public init() {}
  }

  public let descriptor: InferenceFunctionDescriptor
  private let behaviour: Behaviour
  private let engines: String
  private let life: Life

  fileprivate init(
    name: String, behaviour: Behaviour, width: Int, height: Int, engines: String, life: Life
  ) {
    (self.behaviour, self.engines, self.life) = (behaviour, engines, life)
    let hints = behaviour.hints ? ["hints": [1, height, width, 4]] : [:]
    descriptor = InferenceFunctionDescriptor(
      name: name, inputs: ["lineart": [1, height, width, 1]].merging(hints) { $1 },
      outputs: [behaviour.output: [1, height, width, 3]])
  }

  public func run(
    inputs: [String: NDArray], states: consuming MutableViews = MutableViews(),
    outputViews: consuming MutableViews = MutableViews()
  ) async throws -> Outputs {
    Asked.shared.note("predict")
    let shapes = inputs.mapValues(\.shape)
    guard behaviour.fault != .refuses, shapes == descriptor.inputs, let lineart = inputs["lineart"]
    else {
      throw Refused(errorDescription: "the double refuses")
    }
    guard behaviour.fault != .silent, let shape = descriptor.outputs[behaviour.output] else {
      return Outputs(values: [:])
    }
    let wide = behaviour.fault == .larger ? 1 : 0
    let painted = NDArray(
      shape: [1, shape[1], shape[2] + wide, 3], scalarType: .float32, gap: 5)
    // What others saw of a phone: other numbers on the fastest engine alone, and no error.
    let dimmed: Float = behaviour.fault == .dims && engines == "all" ? 0.5 : 1
    for row in 0..<shape[1] {
      for column in 0..<shape[2] {
        let grey = lineart[row, column, 0]
        let level = (grey + 1) * 127.5
        let third = Float(Int(level.rounded()) / 3) / 127.5 - 1
        for (channel, number) in [grey, -grey, third].enumerated() {
          painted[row, column, channel] = number * dimmed
        }
        guard let hints = inputs["hints"], hints[row, column, 3] == 1 else { continue }
        for channel in 0..<3 { painted[row, column, channel] = hints[row, column, channel] }
      }
    }
    if behaviour.fault == .nan { (painted[0, 0, 0], painted[0, 1, 2]) = (.nan, .infinity) }
    return Outputs(values: [behaviour.output: painted])
  }
}
