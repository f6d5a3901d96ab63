#if canImport(CoreML)
  import Foundation
  import NurieCoreML
  import NurieKit
  import NurieReport

  /// Core ML with one choice of engines.
  struct CoreMLSetting: MeasuredSetting {
    let package: URL
    let manifest: ModelManifest
    let units: ComputeUnits
    let cache: CompiledModelCache

    var runtime: String { "coreml" }

    /// Compiles in a folder of its own: what the canvas loaded stays where it is.
    func prepared() async throws -> any PreparedModel {
      let apart = cache.apart()
      do {
        return Prepared(
          setting: self, folder: apart.folder,
          entry: try await apart.compiled(package, manifest: manifest))
      } catch {
        try? FileManager.default.removeItem(at: apart.folder)
        throw error
      }
    }

    private struct Prepared: PreparedModel {
      let setting: CoreMLSetting
      let folder: URL
      let entry: CompiledModelCache.Entry

      var compileMS: Double? { entry.compileMS }

      func load() async throws -> any MeasuredModel {
        try await ColoringModel(
          compiled: entry.url, manifest: setting.manifest, computeUnits: setting.units)
      }

      func plan() async throws -> ReportPlan? {
        try await ComputePlanReading.plan(compiled: entry.url, computeUnits: setting.units)
      }

      func discard() {
        try? FileManager.default.removeItem(at: folder)
      }
    }
  }

  extension ColoringModel: MeasuredModel {}
#endif
