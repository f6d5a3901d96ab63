#if canImport(CoreML)
  import Foundation
  import NurieCoreML
  import NurieKit
  import NurieReport

  /// Measures one bundled model on this device and returns what it found as a device report.
  ///
  /// The demo app and nurie-bench run this same code.
  public struct BenchmarkRunner: Sendable {
    // Predictions between two looks at temperature and memory.
    private static let chunk = 20

    private let bundle: ModelBundle
    private let model: BundledModel
    private let options: BenchmarkOptions
    private let cache: CompiledModelCache

    /// Prepares a benchmark of one model of a bundle.
    public init(
      _ model: BundledModel, of bundle: ModelBundle, options: BenchmarkOptions,
      cache: CompiledModelCache
    ) {
      self.bundle = bundle
      self.model = model
      self.options = options
      self.cache = cache
    }

    /// Measures everything. Throws when the task is cancelled, and for a model or bundle that is
    /// broken.
    ///
    /// battery, charging: what the app knows of them; batteryAfter is asked at the end. progress is
    /// called before every step.
    public func report(
      battery: Double?, charging: Bool?,
      batteryAfter: @Sendable () async -> Double?,
      progress: @Sendable (BenchmarkStep) -> Void
    ) async throws(ColoringError) -> DeviceReport {
      do {
        let manifest = try bundle.manifest(of: model)
        let package = try bundle.url(of: model)
        let drawings = try goldenDrawings()
        let started = Date()
        var runs: [ReportRun] = []
        let settings = try BenchmarkSettings.all(
          of: package, manifest: manifest, order: options.order, cache: cache)
        for setting in settings {
          progress(.coolingDown(before: setting.units))
          let waited = try await CoolDown.wait(atMost: options.coolDownSeconds)
          // Compiled anew for each setting: what a setting specialised must not help the next.
          progress(.compiling)
          let prepared = try await setting.prepared()
          defer { prepared.discard() }
          runs += try await self.runs(
            prepared, of: setting, waited: waited, drawings: drawings, progress: progress)
        }
        return DeviceReport(
          started: started, finished: Date(), app: DeviceReading.app,
          device: DeviceReading.device,
          env: DeviceReading.environment(
            battery: battery, batteryAfter: await batteryAfter(), charging: charging),
          artifact: ReportArtifact(manifest), runs: runs)
      } catch {
        throw ColoringError(error)
      }
    }

    private struct Drawing: Sendable {
      let name: String
      let lineart: Picture
      let hints: Hints?
      let reference: Picture
    }

    private func goldenDrawings() throws -> [Drawing] {
      let drawings = try bundle.golden.map { golden in
        Drawing(
          name: golden.name,
          lineart: try bundle.picture(golden.lineart, decode: PictureCoding.decodeExactly),
          hints: try golden.hints.map {
            try Hints(try bundle.picture($0, decode: PictureCoding.decodeExactly))
          },
          reference: try bundle.picture(golden.color, decode: PictureCoding.decodeExactly))
      }
      guard !drawings.isEmpty else {
        throw NurieError.golden("The bundle holds no golden drawing. Write it again.")
      }
      return drawings
    }

    private func runs(
      _ prepared: any PreparedModel, of measured: any MeasuredSetting, waited: Double,
      drawings: [Drawing], progress: @Sendable (BenchmarkStep) -> Void
    ) async throws -> [ReportRun] {
      let units = measured.units
      progress(.loading(units))
      let timed = drawings[0]
      let baseline = MemoryReading.footprintMB
      let first = try await firstTimes(prepared, timed)
      // The first one is gone: with it in memory, loading again would be no loading.
      let loaded = try await prepared.load()
      let plan = try await prepared.plan()
      progress(.parity(units))
      let setting = ReportRun.Setting(
        runtime: measured.runtime, computeUnits: units.rawValue, coolDownSeconds: waited,
        loadMS: ReportLoadTimes(
          compile: prepared.compileMS, first: first.loadMS, cached: loaded.loadMS),
        firstPredictMS: first.predictMS, warmup: options.warmup, baselineMemoryMB: baseline,
        plan: plan, parity: try await parity(loaded, drawings))
      func run(
        _ mode: ReportRun.Mode, _ log: SampleLog, endToEnd: [Double] = []
      ) throws -> ReportRun {
        try ReportRun(
          log.samples, of: setting, mode: mode, endToEndMS: endToEnd,
          peakMemoryMB: log.peakMemoryMB, thermal: log.thermal)
      }

      progress(.burst(units))
      try await loaded.warmUp(count: options.warmup)
      let burst = try await samples(of: loaded, timed) { $0.samples.count < options.burst }
      let endToEnd = try await loaded.measureEndToEnd(
        timed.lineart, hints: timed.hints, count: options.burst)
      var runs = [try run(.burst, burst, endToEnd: endToEnd)]
      if options.idleGaps > 0 {
        progress(.idleGap(units, count: options.idleGaps))
        let idle = try await samples(of: loaded, timed, apart: .seconds(1)) {
          $0.samples.count < options.idleGaps
        }
        runs.append(try run(.idleGap, idle))
      }
      if options.sustainedSeconds > 0 {
        progress(.sustained(units, seconds: options.sustainedSeconds))
        try await loaded.warmUp(count: options.warmup)
        let sustained = try await samples(of: loaded, timed) {
          $0.totalMS < options.sustainedSeconds * 1e3
        }
        runs.append(try run(.sustained, sustained))
      }
      return runs
    }

    /// Loads what was just made ready, predicts once, and lets go of it.
    private func firstTimes(
      _ prepared: any PreparedModel, _ drawing: Drawing
    ) async throws -> (loadMS: Double, predictMS: Double) {
      let model = try await prepared.load()
      let predictMS = try await model.measure(drawing.lineart, hints: drawing.hints, count: 1)[0]
      return (model.loadMS, predictMS)
    }

    /// apart: pause before each prediction; nil: none, and a look at the device only now and then.
    private func samples(
      of model: any MeasuredModel, _ drawing: Drawing, apart: Duration? = nil,
      whileWanted: (SampleLog) -> Bool
    ) async throws -> SampleLog {
      var log = SampleLog()
      log.look()
      while whileWanted(log) {
        if let apart { try await Task.sleep(for: apart) }
        log.add(
          try await model.measure(
            drawing.lineart, hints: drawing.hints, count: apart == nil ? Self.chunk : 1))
        log.look()
      }
      return log
    }

    private func parity(
      _ model: any MeasuredModel, _ drawings: [Drawing]
    ) async throws -> [ReportParity] {
      var parity = GoldenParity()
      for drawing in drawings {
        do {
          let painted = try await model.color(drawing.lineart, hints: drawing.hints)
          try parity.add(drawing.name, reference: drawing.reference, painted: painted)
        } catch ColoringError.nonfinite(let count) {
          parity.addBroken(drawing.name, nonfinite: count)
        }
      }
      return parity.rows
    }
  }
#endif
