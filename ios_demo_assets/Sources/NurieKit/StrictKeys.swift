import Foundation

/// Refuses JSON that lacks a field of ours. What it holds beside is ignored: within a version,
/// fields may be added, and an app that is older than a model goes on reading its manifest.
package enum StrictKeys {
  /// Throws unless the object has every key of `keys`.
  package static func require<Key: CodingKey & CaseIterable>(
    _ keys: Key.Type, in decoder: any Decoder
  ) throws {
    let found = Set(try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue))
    let missing = keys.allCases.map(\.stringValue).filter { !found.contains($0) }.sorted()
    guard missing.isEmpty else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath, debugDescription: "missing fields \(missing)"))
    }
  }

  /// Throws unless a format is the known one: a newer one by name, with what to do.
  ///
  /// known, received: such as nurie-manifest/2.
  package static func require<Key: CodingKey>(
    version known: String, received: String?, at key: Key,
    in fields: KeyedDecodingContainer<Key>
  ) throws {
    guard received != known else { return }
    let isNewer = number(received, of: known) ?? 0 > number(known, of: known) ?? 0
    throw DecodingError.dataCorruptedError(
      forKey: key, in: fields,
      debugDescription: "expected \(known), received \(received ?? "nothing")"
        + (isNewer ? ", which a newer Nurie wrote: update this app" : ""))
  }

  private static func number(_ version: String?, of known: String) -> Int? {
    guard let parts = version?.split(separator: "/"), parts.count == 2,
      parts[0] == known.split(separator: "/")[0]
    else { return nil }
    return Int(parts[1])
  }

  /// Says where and what, as `$.interface.output.shape: what is wrong`.
  package static func sentence(of error: any Error) -> String {
    guard let error = error as? DecodingError else { return error.localizedDescription }
    switch error {
    case .keyNotFound(let key, let context):
      return "\(path(context.codingPath)): the field \(key.stringValue) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      return "\(path(context.codingPath)): \(context.debugDescription)"
    @unknown default:
      return error.localizedDescription
    }
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    keys.reduce("$") { path, key in
      key.intValue.map { "\(path)[\($0)]" } ?? "\(path).\(key.stringValue)"
    }
  }

  private struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int? = nil
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
