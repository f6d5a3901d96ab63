#if canImport(CoreML)
  import Foundation

  /// The files of a cache of compiled models: where each stands, when it was used, what must go.
  ///
  /// Nothing here throws: what cannot be read, stamped or removed is left for the next time.
  struct CompiledModelShelf: Sendable {
    private static let ending = ".mlmodelc"
    private static let stampEnding = ".used"
    // Folders of a process that ended early; no benchmark takes as long as this.
    private static let abandonedAfter: TimeInterval = 24 * 3600

    let folder: URL

    /// Where a package of this hash stands, compiled by the present system.
    func place(of sha256: String) -> URL {
      folder.appendingPathComponent(
        "\(sha256.prefix(32))-\(Sysctl.systemBuild)\(Self.ending)", isDirectory: true)
    }

    /// A new name in the folder for something that passes: hidden, and nobody else's.
    func passing(_ purpose: String) -> URL {
      folder.appendingPathComponent(".\(purpose)-\(UUID().uuidString)", isDirectory: true)
    }

    /// Remembers that a compiled model was used now, beside it: what Core ML reads is not touched.
    func noteUse(of place: URL) {
      try? Data().write(to: stamp(of: place), options: .atomic)
    }

    /// Removes what other systems compiled and what was left half-way; then what was not used for
    /// longest, until the rest takes `limit` bytes or is loaded.
    func evict(aboveBytes limit: Int) {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      for name in names where name.hasPrefix(".") && isAbandoned(name) { remove(name) }
      let ours = "-\(Sysctl.systemBuild)\(Self.ending)"
      let models = names.filter { !$0.hasPrefix(".") && $0.hasSuffix(Self.ending) }
      for name in models where !name.hasSuffix(ours) { remove(name) }
      let kept = models.filter { $0.hasSuffix(ours) }.sorted { lastUse(of: $0) < lastUse(of: $1) }
      var total = kept.reduce(0) { $0 + bytes(of: $1) }
      for name in kept where total > limit {
        let size = bytes(of: name)
        if remove(name) { total -= size }
      }
    }

    /// Away from its place by one rename, then deleted: nobody finds half of it. Returns whether.
    @discardableResult private func remove(_ name: String) -> Bool {
      let place = folder.appendingPathComponent(name, isDirectory: true)
      guard !CompiledModelUse.isInUse(place) else { return false }
      let gone = passing("removed")
      guard (try? FileManager.default.moveItem(at: place, to: gone)) != nil else { return false }
      try? FileManager.default.removeItem(at: gone)
      try? FileManager.default.removeItem(at: stamp(of: place))
      return true
    }

    private func stamp(of place: URL) -> URL {
      folder.appendingPathComponent(place.lastPathComponent + Self.stampEnding)
    }

    private func lastUse(of name: String) -> Date {
      let place = folder.appendingPathComponent(name)
      return changed(stamp(of: place)) ?? changed(place) ?? .distantPast
    }

    private func isAbandoned(_ name: String) -> Bool {
      guard let date = changed(folder.appendingPathComponent(name)) else { return false }
      return Date().timeIntervalSince(date) > Self.abandonedAfter
    }

    private func changed(_ url: URL) -> Date? {
      let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
      return attributes?[.modificationDate] as? Date
    }

    private func bytes(of name: String) -> Int {
      let root = folder.appendingPathComponent(name)
      let paths = (try? FileManager.default.subpathsOfDirectory(atPath: root.path)) ?? []
      return paths.reduce(0) { sum, path in
        let file = root.appendingPathComponent(path).path
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
      }
    }
  }
#endif
