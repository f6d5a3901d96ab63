import AppleDoubles
import Foundation
import NurieCoreML
import NurieKit

extension Checks {
  static var cachingClaims: [Claim] {
    [
      (
        "a package is compiled once, though two loads ask for it at the same time",
        {
          let package = try DoublePackage(2, 2, ["held": true])
          let before = Asked.shared["compile"]
          async let first = package.load()
          async let second = package.load(.cpuOnly)
          try await compiling(after: before)
          Asked.shared.note("release")
          let loaded = try await [first, second]
          _ = try await package.load()
          return Asked.shared["compile"] - before == 1 && package.files.count == 1
            && loaded.allSatisfy { $0.compiledURL.lastPathComponent == package.files[0] }
        }
      ),
      (
        "a package is read when it is compiled, and not at each load",
        {
          let package = try DoublePackage(2, 2)
          _ = try await package.load()
          try FileManager.default.removeItem(at: package.url)
          return try await package.load().computeUnits == .all
        }
      ),
      (
        "a compilation that nobody waits for any more leaves nothing behind",
        {
          let package = try DoublePackage(2, 2, ["held": true])
          let before = Asked.shared["compile"]
          let task = Task { try await package.load() }
          try await compiling(after: before)
          task.cancel()
          Asked.shared.note("release")
          guard case .failure(let error) = await task.result else { return false }
          // Core ML stops nothing: it ends later, and is cleared away then.
          let isCleared = try await soon { package.files.isEmpty }
          return ColoringError(error) == .cancelled && isCleared
        }
      ),
      (
        "of many who ask at once and some who leave, all others get the one that was compiled",
        {
          let package = try DoublePackage(2, 2, ["held": true])
          let before = Asked.shared["compile"]
          let asking = (0..<24).map { _ in Task { try await package.load().compiledURL } }
          try await compiling(after: before)
          for number in asking.indices where number % 3 == 0 { asking[number].cancel() }
          Asked.shared.note("release")
          var got: [URL] = []
          for task in asking { if case .success(let url) = await task.result { got.append(url) } }
          return got.count == 16 && Set(got).count == 1 && Asked.shared["compile"] - before == 1
            && package.files == [got[0].lastPathComponent]
        }
      ),
      (
        "after a compilation was stopped, the next one to ask gets a model all the same",
        {
          let package = try DoublePackage(2, 2, ["held": true])
          let before = Asked.shared["compile"]
          let stopped = Task { try await package.load() }
          try await compiling(after: before)
          stopped.cancel()
          // It is not waited for: Core ML goes on compiling, and may be joined as long as it does.
          let next = Task { try await package.load() }
          let releasing = Task {
            while !Task.isCancelled {
              Asked.shared.note("release")
              try await Task.sleep(for: .milliseconds(1))
            }
          }
          defer { releasing.cancel() }
          guard case .failure = await stopped.result else { return false }
          let url = try await next.value.compiledURL
          return try await soon { package.files == [url.lastPathComponent] }
        }
      ),
      (
        "what was not used for longest is removed beyond the bound, and what is loaded is not",
        {
          let size = try bytes(of: try DoublePackage(2, 2).url)
          // Both ways round: which one goes must not be its name's matter.
          for (often, seldom) in [(0, 1), (1, 0)] {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
              UUID().uuidString)
            let cache = CompiledModelCache(folder: folder, limitBytes: 2 * size + size / 2)
            let packages = try (2..<6).map { try DoublePackage(2, $0, cache: cache) }
            func name(_ number: Int) -> String {
              String(packages[number].manifest.sha256.prefix(32))
            }
            func use(_ number: Int) async throws -> ColoringModel {
              try await Task.sleep(for: .milliseconds(15))  // no two at one time
              return try await packages[number].load()
            }
            func standing() -> Set<String> { Set(packages[0].files.map { String($0.prefix(32)) }) }
            for number in [often, seldom, often] { _ = try await use(number) }
            let loaded = try await use(2)
            guard standing() == [name(often), name(2)] else { return false }
            for number in [often, 3] { _ = try await use(number) }
            guard standing() == [name(2), name(3)], loaded.compiledURL.path.contains(name(2))
            else { return false }
          }
          return true
        }
      ),
      (
        "what another build of the system compiled is removed",
        {
          let package = try DoublePackage(2, 2)
          let other = package.cache.folder.appendingPathComponent(
            "\(package.manifest.sha256.prefix(32))-22F76.mlmodelc")
          try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
          _ = try await package.load()
          return package.files.count == 1 && !FileManager.default.fileExists(atPath: other.path)
        }
      ),
      (
        "whoever compiles apart touches nothing of the cache",
        {
          let package = try DoublePackage(2, 2)
          let loaded = try await package.load()
          let before = Asked.shared["compile"]
          let apart = package.cache.apart()
          let entry = try await apart.compiled(package.url, manifest: package.manifest)
          try FileManager.default.removeItem(at: apart.folder)
          return Asked.shared["compile"] - before == 1 && entry.url != loaded.compiledURL
            && package.files == [loaded.compiledURL.lastPathComponent]
        }
      ),
    ]
  }

  /// Waits until Core ML compiles something more.
  private static func compiling(after count: Int) async throws {
    _ = try await soon { Asked.shared["compile"] > count }
  }

  /// Whether something comes true within a few seconds: what runs beside takes its time.
  private static func soon(_ holds: () -> Bool) async throws -> Bool {
    for _ in 0..<5000 where !holds() { try await Task.sleep(for: .milliseconds(1)) }
    return holds()
  }

  private static func bytes(of package: URL) throws -> Int {
    try Data(contentsOf: package.appendingPathComponent("double.json")).count
  }
}
