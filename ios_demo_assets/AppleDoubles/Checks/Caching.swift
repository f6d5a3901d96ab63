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
          let package = try DoublePackage(2, 2, ["compile_ms": 50])
          let before = Asked.shared["compile"]
          async let first = package.load()
          async let second = package.load(.cpuOnly)
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
          let package = try DoublePackage(2, 2, ["compile_ms": 80])
          let task = Task { try await package.load() }
          try await Task.sleep(for: .milliseconds(20))
          task.cancel()
          guard case .failure(let error) = await task.result else { return false }
          // Core ML stops nothing: it ends later, and is cleared away then.
          try await Task.sleep(for: .milliseconds(150))
          return ColoringError(error) == .cancelled && package.files.isEmpty
        }
      ),
      (
        "one of two who wait for a compilation may leave; the other gets it",
        {
          let package = try DoublePackage(2, 2, ["compile_ms": 80])
          let before = Asked.shared["compile"]
          let leaving = Task { try await package.load() }
          let staying = Task { try await package.load() }
          try await Task.sleep(for: .milliseconds(20))
          leaving.cancel()
          guard case .failure = await leaving.result else { return false }
          _ = try await staying.value
          return Asked.shared["compile"] - before == 1 && package.files.count == 1
        }
      ),
      (
        "after a compilation was stopped, the next one to ask compiles anew",
        {
          let package = try DoublePackage(2, 2, ["compile_ms": 60])
          let stopped = Task { try await package.load() }
          try await Task.sleep(for: .milliseconds(20))
          stopped.cancel()
          _ = await stopped.result
          _ = try await package.load()
          try await Task.sleep(for: .milliseconds(100))
          return package.files.count == 1
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

  private static func bytes(of package: URL) throws -> Int {
    try Data(contentsOf: package.appendingPathComponent("double.json")).count
  }
}
