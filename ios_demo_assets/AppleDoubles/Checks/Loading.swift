import AppleDoubles
import Foundation
import NurieBenchmark
import NurieCoreML
import NurieKit
import NurieReport

extension Checks {
  static var loadingClaims: [Claim] {
    [
      (
        "the engines that were asked for are the ones that Core ML is told",
        {
          let package = try DoublePackage(2, 2)
          var told = true
          for units in ComputeUnits.allCases {
            let before = Asked.shared["load \(units.rawValue)"]
            let model = try await package.load(units)
            told =
              told && Asked.shared["load \(units.rawValue)"] == before + 1
              && model.computeUnits == units
          }
          return told
        }
      ),
      (
        "a package of other bytes than its manifest's is refused before it is compiled",
        {
          let package = try DoublePackage(2, 2)
          try Data("x".utf8).write(to: package.url.appendingPathComponent("more"))
          let before = Asked.shared["compile"]
          let said = await sentence { _ = try await package.load() }
          return said.contains("is not the model that its manifest describes")
            && Asked.shared["compile"] == before
        }
      ),
      (
        "a model of another size, other ports or another checkpoint than its manifest's is refused",
        {
          let size = try DoublePackage(2, 2, said: ["width": 3])
          let name = try DoublePackage(2, 2, ["output": "layer"], said: ["output": "color"])
          let fewer = try DoublePackage(2, 2, ["hints": true], said: ["hints": false])
          let more = try DoublePackage(2, 2, said: ["hints": true])
          let weights = try DoublePackage(2, 2, ["checkpoint": "cd"])
          let saidOfSize = await sentence { _ = try await size.load() }
          let saidOfName = await sentence { _ = try await name.load() }
          let saidOfFewer = await sentence { _ = try await fewer.load() }
          let saidOfMore = await sentence { _ = try await more.load() }
          let saidOfWeights = await sentence { _ = try await weights.load() }
          return saidOfSize.contains("is not the image of 3 x 2")
            && saidOfName.contains("has [\"layer\"]. Its manifest says color")
            && saidOfFewer.contains("takes [\"hint_color\", \"hint_mask\", \"lineart\"]")
            && saidOfMore.contains("has [\"lineart\"]. Its manifest says hint_color")
            && saidOfWeights.contains("was exported from checkpoint cd")
        }
      ),
      (
        "a package that is no model is refused by its name",
        {
          let package = try DoublePackage(2, 2, ["width": "wide"])
          let said = await sentence { _ = try await package.load() }
          return said.contains("double.mlpackage cannot be loaded for all")
        }
      ),
      (
        "a compute plan counts operations and cost by engine, inner blocks too, constants left out",
        {
          let url = URL(fileURLWithPath: "/")
          let all = try await ComputePlanReading.plan(compiled: url, computeUnits: .all)
          let cpu = try await ComputePlanReading.plan(compiled: url, computeUnits: .cpuOnly)
          let (most, rest) = (0.75 / 0.875, 0.125 / 0.875)
          return all
            == ReportPlan(
              ane: 2, gpu: 0, cpu: 1, fallbackOps: ["ios16.cast"],
              cost: ReportCost(ane: most, gpu: 0, cpu: rest))
            && cpu
              == ReportPlan(
                ane: 0, gpu: 0, cpu: 3, fallbackOps: [], cost: ReportCost(ane: 0, gpu: 0, cpu: 1))
        }
      ),
    ]
  }

  static var benchmarkClaims: [Claim] {
    [
      (
        "the order of settings is turned, and is one of each whatever the turn",
        {
          let orders = (-4...8).map { BenchmarkOptions(rotation: $0).order }
          let all = ComputeUnits.allCases
          func from(_ first: Int) -> [ComputeUnits] { Array(all[first...]) + all[..<first] }
          return orders[4] == all && orders[5] == from(1) && orders[8] == all
            && orders[3] == from(3)
            && orders.allSatisfy { Set($0) == Set(all) && $0.count == all.count }
            && BenchmarkOptions(computeUnits: [], rotation: 3).order.isEmpty
        }
      )
    ]
  }

  static var cancellationClaims: [Claim] {
    [
      (
        "a prediction that nobody waits for any more is not begun",
        {
          let model = try await DoublePackage(2, 2).load()
          let drawing = try lineart(2, 2)
          let before = Asked.shared["predict"]
          let error = await errorOfCancelled { _ = try await model.color(drawing) }
          return error == .cancelled && Asked.shared["predict"] == before
        }
      ),
      (
        "loading, compiling and asking for the plan stop",
        {
          let package = try DoublePackage(2, 2)
          let compiled = try await package.cache.compiled(
            package.url, manifest: package.manifest)
          let loading = await errorOfCancelled {
            _ = try await ColoringModel(
              compiled: compiled.url, manifest: package.manifest, computeUnits: .all)
          }
          let compiling = await errorOfCancelled {
            _ = try await package.cache.apart().compiled(
              package.url, manifest: package.manifest)
          }
          let planning = await errorOfCancelled {
            _ = try await ComputePlanReading.plan(compiled: compiled.url, computeUnits: .all)
          }
          return [loading, compiling, planning].allSatisfy { $0 == .cancelled }
        }
      ),
    ]
  }

  /// What `body` throws in a task that is cancelled before it begins.
  private static func errorOfCancelled(
    _ body: @escaping @Sendable () async throws -> Void
  ) async -> ColoringError? {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await body()
    }
    guard case .failure(let error) = await task.result else { return nil }
    return error as? ColoringError
  }
}
