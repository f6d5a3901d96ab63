import Foundation

/// Refuses JSON that holds other fields than ours: another version is not half understood.
enum StrictKeys {
  /// Throws unless the object has every key of `keys` and no other.
  static func require<Key: CodingKey & CaseIterable>(
    _ keys: Key.Type, in decoder: any Decoder
  ) throws {
    let found = Set(try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue))
    let known = Set(keys.allCases.map(\.stringValue))
    let unknown = found.subtracting(known).sorted()
    let missing = known.subtracting(found).sorted()
    guard unknown.isEmpty, missing.isEmpty else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "unknown fields \(unknown), missing fields \(missing)"))
    }
  }

  /// Throws if the object has a key that is not among `keys`; optional ones may be left out.
  static func refuseUnknown<Key: CodingKey & CaseIterable>(
    _ keys: Key.Type, in decoder: any Decoder
  ) throws {
    let found = Set(try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue))
    let unknown = found.subtracting(keys.allCases.map(\.stringValue)).sorted()
    guard unknown.isEmpty else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "unknown fields \(unknown)"))
    }
  }

  /// Says where and what, as `$.interface.output.shape: what is wrong`.
  static func sentence(of error: any Error) -> String {
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
