#if canImport(CoreML)
  import CoreML
  import Foundation
  import NurieCoreML
  import NurieKit
  import NurieReport

  /// Which engine the system would run each operation of a compiled model on.
  package enum ComputePlanReading {
    /// Counts operations by engine, constants left out, and adds up what the system estimates that
    /// they cost. nil on systems that do not tell, and for models that are no ML Programs.
    package static func plan(
      compiled url: URL, computeUnits: ComputeUnits
    ) async throws(ColoringError) -> ReportPlan? {
      guard #available(iOS 17.4, macOS 14.4, visionOS 1.1, *) else { return nil }
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
        ane: tally.ane.count, gpu: tally.gpu.count, cpu: tally.cpu.count,
        fallbackOps: tally.fallback.sorted(), cost: tally.cost)
    }

    @available(iOS 17.4, macOS 14.4, visionOS 1.1, *)
    private struct Tally {
      struct Engine {
        var count = 0
        var weight = 0.0
      }

      let neuralEngineAllowed: Bool
      var ane = Engine()
      var gpu = Engine()
      var cpu = Engine()
      var fallback: Set<String> = []

      /// Shares of the whole: weights need not add up to 1. nil where none is known.
      var cost: ReportCost? {
        let whole = ane.weight + gpu.weight + cpu.weight
        guard whole > 0 else { return nil }
        return ReportCost(
          ane: ane.weight / whole, gpu: gpu.weight / whole, cpu: cpu.weight / whole)
      }

      mutating func add(_ block: MLModelStructure.Program.Block, of plan: MLComputePlan) {
        for operation in block.operations {
          // Constants are data: they run on no engine, whatever the plan says of them.
          let isConstant = operation.operatorName.split(separator: ".").last == "const"
          if !isConstant, let usage = plan.deviceUsage(for: operation) {
            count(
              usage.preferred, operation.operatorName,
              weight: plan.estimatedCost(of: operation)?.weight ?? 0)
          }
          for inner in operation.blocks { add(inner, of: plan) }
        }
      }

      private mutating func count(_ device: MLComputeDevice, _ name: String, weight: Double) {
        func one(more engine: inout Engine) {
          engine.count += 1
          engine.weight += weight
        }
        switch device {
        case .neuralEngine:
          one(more: &ane)
          return
        case .gpu: one(more: &gpu)
        case .cpu: one(more: &cpu)
        @unknown default: break
        }
        if neuralEngineAllowed { fallback.insert(name) }
      }
    }
  }
#endif
