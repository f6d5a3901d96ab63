#if canImport(CoreML)
  import Foundation
  import NurieCoreAI
  import NurieCoreML
  import NurieKit

  /// The settings in which a model can be measured here.
  enum BenchmarkSettings {
    /// One for each choice of engines, in their order; of every choice, those that the runtime has.
    ///
    /// Throws for a model that this system has no runtime for, and for engines that it cannot choose.
    static func all(
      of package: URL, manifest: ModelManifest, order: [ComputeUnits], cache: CompiledModelCache
    ) throws(ColoringError) -> [any MeasuredSetting] {
      switch manifest.format {
      case .coreml:
        return order.map {
          CoreMLSetting(package: package, manifest: manifest, units: $0, cache: cache)
        }
      case .coreai:
        #if canImport(CoreAI)
          if #available(iOS 27, macOS 27, macCatalyst 27, visionOS 27, *) {
            return try ofAsset(package, manifest: manifest, order: order)
          }
        #endif
        throw .load(
          "\(manifest.artifact) needs Core AI, which is part of iOS 27, macOS 27 and visionOS 27; "
            + "simulators have none. Choose a Core ML package.")
      case .tflite, .onnx:
        throw .load(
          "\(manifest.artifact) is \(manifest.format.rawValue). Expected a Core ML package or a Core "
            + "AI asset.")
      }
    }

    #if canImport(CoreAI)
      @available(iOS 27, macOS 27, macCatalyst 27, visionOS 27, *)
      private static func ofAsset(
        _ asset: URL, manifest: ModelManifest, order: [ComputeUnits]
      ) throws(ColoringError) -> [any MeasuredSetting] {
        let wantsEach = Set(order) == Set(ComputeUnits.allCases)
        var settings: [any MeasuredSetting] = []
        for units in order {
          if let chosen = AssetUnits(rawValue: units.rawValue) {
            settings.append(CoreAISetting(asset: asset, manifest: manifest, chosen: chosen))
          } else if !wantsEach {
            throw .load(
              "Core AI cannot be kept to \(units.rawValue). Expected "
                + "\(AssetUnits.allCases.map(\.rawValue).joined(separator: " or ")).")
          }
        }
        return settings
      }
    #endif
  }
#endif
