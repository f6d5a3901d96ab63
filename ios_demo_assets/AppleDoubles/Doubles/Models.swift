import Foundation

/// What a double of a model is told to do, by `double.json` in its package.
struct Behaviour: Decodable {
  enum Fault: String, Decodable {
    case none, nan, refuses, silent, larger, unbacked, dims
  }
  var width: Int
  var height: Int
  /// Pictures or numbers at both ends.
  var pictures = true
  /// Whether it takes hints; they are pictures always.
  var hints = false
  /// What it calls what it paints.
  var output = "color"
  var checkpoint = ""
  /// Order of the bytes of a pixel of the returned picture.
  var format = "BGRA"
  var fault = Fault.none
  /// Whether compiling waits for somebody to note "release": as Core ML's, it does not hear of
  /// cancellation.
  var held = false
  /// Width and height of each entry point of an asset: main's, and others that are told.
  var functions: [String: [Int]] = [:]
}

/// How often the doubles were asked, and for what: checks read it.
public final class Asked: @unchecked Sendable {
  public static let shared = Asked()
  private let lock = NSLock()
  private var counts: [String: Int] = [:]

  public subscript(_ what: String) -> Int { lock.withLock { counts[what, default: 0] } }

  public func note(_ what: String, by count: Int = 1) {
    lock.withLock { counts[what, default: 0] += count }
  }
}

struct Refused: LocalizedError {
  let errorDescription: String?
}

public enum MLComputeUnits: Int, Sendable {
  case cpuOnly, cpuAndGPU, all, cpuAndNeuralEngine
}

public final class MLModelConfiguration {
  public var computeUnits = MLComputeUnits.all
  public init() {}
}

public final class MLImageConstraint {
  public let pixelsWide: Int
  public let pixelsHigh: Int
  public let pixelFormatType: OSType
  init(_ width: Int, _ height: Int, _ format: String) {
    (pixelsWide, pixelsHigh, pixelFormatType) = (width, height, code(format))
  }
}

public final class MLMultiArrayConstraint {
  public let shape: [NSNumber]
  init(_ shape: [Int]) { self.shape = shape.map { NSNumber(value: $0) } }
}

public final class MLFeatureDescription {
  public let imageConstraint: MLImageConstraint?
  public let multiArrayConstraint: MLMultiArrayConstraint?

  init(_ behaviour: Behaviour, channels: Int) {
    let (width, height) = (behaviour.width, behaviour.height)
    imageConstraint =
      behaviour.pictures ? MLImageConstraint(width, height, behaviour.format) : nil
    multiArrayConstraint =
      behaviour.pictures ? nil : MLMultiArrayConstraint([1, channels, height, width])
  }
}

public struct MLModelMetadataKey: Hashable, Sendable {
  public static let creatorDefinedKey = MLModelMetadataKey()
}

public final class MLModelDescription {
  public let inputDescriptionsByName: [String: MLFeatureDescription]
  public let outputDescriptionsByName: [String: MLFeatureDescription]
  public let metadata: [MLModelMetadataKey: Any]

  init(_ behaviour: Behaviour) {
    let inputs = ["lineart": 1].merging(behaviour.hints ? ["hint_color": 3, "hint_mask": 1] : [:]) {
      $1
    }
    inputDescriptionsByName = inputs.mapValues { MLFeatureDescription(behaviour, channels: $0) }
    outputDescriptionsByName = [behaviour.output: MLFeatureDescription(behaviour, channels: 3)]
    metadata = [.creatorDefinedKey: ["nurie.checkpoint_sha256": behaviour.checkpoint]]
  }
}

/// Paints each pixel by its own grey alone: red the grey, green its opposite, blue a third of it; where
/// it is hinted, by the hint alone.
public final class MLModel {
  public let modelDescription: MLModelDescription
  private let behaviour: Behaviour

  private init(_ behaviour: Behaviour) {
    self.behaviour = behaviour
    modelDescription = MLModelDescription(behaviour)
    Asked.shared.note("alive")
  }

  deinit { Asked.shared.note("alive", by: -1) }

  /// Where what was compiled stands at first: elsewhere, as Core ML's does.
  public static let compiled = FileManager.default.temporaryDirectory
    .appendingPathComponent("nurie-doubles-\(ProcessInfo.processInfo.processIdentifier)")

  /// Copies the package.
  public static func compileModel(at url: URL) async throws -> URL {
    let isHeld = (try? Behaviour(ofPackage: url).held) ?? false
    let released = Asked.shared["release"]
    Asked.shared.note("compile")
    await Task.detached {
      while isHeld, Asked.shared["release"] == released {
        try? await Task.sleep(for: .milliseconds(1))
      }
    }.value
    let place = compiled.appendingPathComponent("\(UUID().uuidString).mlmodelc")
    try FileManager.default.createDirectory(at: compiled, withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: url, to: place)
    return place
  }

  public static func load(
    contentsOf url: URL, configuration: MLModelConfiguration
  ) async throws -> MLModel {
    try Task.checkCancellation()
    Asked.shared.note("load \(configuration.computeUnits)")
    if Asked.shared["alive"] > 0, ProcessInfo.processInfo.environment["NURIE_DOUBLE_TELLS"] != nil {
      FileHandle.standardError.write(Data("the double: loaded beside another model\n".utf8))
    }
    return MLModel(try Behaviour(ofPackage: url))
  }

  public func prediction(
    from input: any MLFeatureProvider, options: MLPredictionOptions
  ) throws -> any MLFeatureProvider {
    Asked.shared.note("predict")
    Asked.shared.note("predict on \(DispatchSerialQueue.current ?? "a thread that tasks share")")
    guard behaviour.fault != .refuses, let value = input.featureValue(for: "lineart") else {
      throw Refused(errorDescription: "the double refuses")
    }
    guard behaviour.fault != .silent else {
      return try MLDictionaryFeatureProvider(dictionary: [:])
    }
    let backing = options.outputBackings[behaviour.output] as? CVPixelBuffer
    guard behaviour.fault != .unbacked || backing == nil else {
      throw Refused(errorDescription: "the double takes no buffer")
    }
    let painted = behaviour.pictures ? try picture(value, of: input, on: backing) : numbers(value)
    return try MLDictionaryFeatureProvider(dictionary: [behaviour.output: painted])
  }

  private func picture(
    _ value: MLFeatureValue, of input: any MLFeatureProvider, on backing: CVPixelBuffer?
  ) throws -> MLFeatureValue {
    let grey = value.imageBufferValue.map { $0.rows(bytesPerPixel: 1) } ?? []
    let wide = behaviour.fault == .larger ? behaviour.width + 1 : behaviour.width
    let fits = backing.map { $0.width == wide && $0.format == code(behaviour.format) } ?? false
    if fits { Asked.shared.note("painted into a given buffer") }
    let own = CVPixelBuffer(width: wide, height: behaviour.height, format: behaviour.format)
    let buffer = fits ? backing ?? own : own
    for (y, row) in grey.enumerated() {
      for (x, level) in row.enumerated() {
        buffer.write(red: level, green: 255 - level, blue: level / 3, x: x, y: y)
      }
    }
    if behaviour.hints { try paint(hintsOf: input, on: buffer) }
    return MLFeatureValue(pixelBuffer: buffer)
  }

  private func paint(hintsOf input: any MLFeatureProvider, on buffer: CVPixelBuffer) throws {
    guard let mask = input.featureValue(for: "hint_mask")?.imageBufferValue,
      let color = input.featureValue(for: "hint_color")?.imageBufferValue,
      mask.format == kCVPixelFormatType_OneComponent8, color.format == kCVPixelFormatType_32BGRA
    else {
      throw Refused(errorDescription: "the double has no hints")
    }
    let colors = color.rows(bytesPerPixel: 4)
    for (y, row) in mask.rows(bytesPerPixel: 1).enumerated() {
      for (x, hinted) in row.enumerated() where hinted == 255 {
        let pixel = colors[y][(x * 4)..<(x * 4 + 4)].map { $0 }
        buffer.write(red: pixel[2], green: pixel[1], blue: pixel[0], x: x, y: y)
      }
    }
  }

  private func numbers(_ value: MLFeatureValue) -> MLFeatureValue {
    let greys = value.multiArrayValue?.values ?? []
    var planes = greys + greys.map { -$0 } + greys.map { $0 / 2 }
    if behaviour.fault == .nan { (planes[0], planes[2]) = (.nan, .infinity) }
    return MLFeatureValue(
      shapedArray: MLShapedArray(
        scalars: planes, shape: [1, 3, behaviour.height, behaviour.width]))
  }
}

extension Behaviour {
  private enum Keys: String, CodingKey {
    case width, height, pictures, hints, output, checkpoint, format, fault, held, functions
  }

  init(ofPackage url: URL) throws {
    self = try JSONDecoder().decode(
      Behaviour.self, from: try Data(contentsOf: url.appendingPathComponent("double.json")))
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Keys.self)
    width = try fields.decode(Int.self, forKey: .width)
    height = try fields.decode(Int.self, forKey: .height)
    pictures = try fields.decodeIfPresent(Bool.self, forKey: .pictures) ?? true
    hints = try fields.decodeIfPresent(Bool.self, forKey: .hints) ?? false
    output = try fields.decodeIfPresent(String.self, forKey: .output) ?? "color"
    checkpoint = try fields.decode(String.self, forKey: .checkpoint)
    format = try fields.decodeIfPresent(String.self, forKey: .format) ?? "BGRA"
    fault = try fields.decodeIfPresent(Fault.self, forKey: .fault) ?? .none
    held = try fields.decodeIfPresent(Bool.self, forKey: .held) ?? false
    let more = try fields.decodeIfPresent([String: [Int]].self, forKey: .functions) ?? [:]
    functions = more.merging(["main": [width, height]]) { $1 }
  }
}
