#if canImport(CoreML) && canImport(CoreAI)
  import Foundation
  import NurieCoreAI
  import NurieCoreML
  import NurieKit
  import NurieReport

  /// Core AI with one choice of engines: all, or the processor alone, side by side in each report,
  /// since others have seen the two paint different pictures.
  @available(iOS 27, macOS 27, macCatalyst 27, visionOS 27, *)
  struct CoreAISetting: MeasuredSetting {
    let asset: URL
    let manifest: ModelManifest
    let chosen: AssetUnits

    var runtime: String { "coreai" }
    var units: ComputeUnits { chosen == .cpuOnly ? .cpuOnly : .all }

    /// Makes the system forget what it specialised, which it then does while loading.
    func prepared() async throws -> any PreparedModel {
      try ColoringAsset.forget(asset, units: chosen)
      return Prepared(setting: self)
    }

    private struct Prepared: PreparedModel {
      let setting: CoreAISetting

      var compileMS: Double? { nil }

      func load() async throws -> any MeasuredModel {
        try await ColoringAsset(
          contentsOf: setting.asset, manifest: setting.manifest, units: setting.chosen)
      }

      // Which engine ran an operation, Core AI tells Instruments alone.
      func plan() async throws -> ReportPlan? { nil }

      // What the system has specialised is what the canvas would have it specialise, too.
      func discard() {}
    }
  }

  @available(iOS 27, macOS 27, macCatalyst 27, visionOS 27, *)
  extension ColoringAsset: MeasuredModel {}
#endif
