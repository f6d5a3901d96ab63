#if canImport(CoreML)
  import CoreML
  import Foundation
  import NurieCoreML
  import NurieKit
  import NurieReport

  /// Which engine the system would run each operation of a compiled model on.
  public enum ComputePlanReading {
    /// Counts operations by engine, constants left out. nil on systems that do not tell, and for
    /// models that are no ML Programs.
    public static func plan(
      compiled url: URL, computeUnits: ComputeUnits
    ) async throws(ColoringError) -> ReportPlan? {
      guard #available(iOS 17.4, macOS 14.4, *) else { return nil }
      let configuration = MLModelConfiguration()
      configuration.computeUnits = computeUnits.coreML
      let plan: MLComputePlan
      do {
        plan = try await MLComputePlan.load(contentsOf: url, configuration: configuration)
      } catch is CancellationError {
        throw .cancelled
      } catch {
        throw .load("The compute plan cannot be read: \(error.localizedDescription)")
      }
      guard case .program(let program) = plan.modelStructure else { return nil }
      var tally = Tally(neuralEngineAllowed: [.all, .cpuAndNeuralEngine].contains(computeUnits))
      for function in program.functions.values { tally.add(function.block, of: plan) }
      return ReportPlan(
        ane: tally.ane, gpu: tally.gpu, cpu: tally.cpu, fallbackOps: tally.fallback.sorted())
    }

    @available(iOS 17.4, macOS 14.4, *)
    private struct Tally {
      let neuralEngineAllowed: Bool
      var ane = 0
      var gpu = 0
      var cpu = 0
      var fallback: Set<String> = []

      mutating func add(_ block: MLModelStructure.Program.Block, of plan: MLComputePlan) {
        for operation in block.operations {
          // Constants are data: they run on no engine, whatever the plan says of them.
          let isConstant = operation.operatorName.split(separator: ".").last == "const"
          if !isConstant, let usage = plan.deviceUsage(for: operation) {
            count(usage.preferred, operation.operatorName)
          }
          for inner in operation.blocks { add(inner, of: plan) }
        }
      }

      private mutating func count(_ device: MLComputeDevice, _ name: String) {
        switch device {
        case .neuralEngine:
          ane += 1
          return
        case .gpu: gpu += 1
        case .cpu: cpu += 1
        @unknown default: break
        }
        if neuralEngineAllowed { fallback.insert(name) }
      }
    }
  }
#endif
