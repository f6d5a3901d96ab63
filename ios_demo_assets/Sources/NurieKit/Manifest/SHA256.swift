import Foundation

#if canImport(CryptoKit)
  import CryptoKit
#endif

/// SHA-256, which names the bytes of a model as Python does: the system's where it has one.
struct SHA256 {
  #if canImport(CryptoKit)
    private var hash = CryptoKit.SHA256()
  #else
    private var hash = PortableSHA256()
  #endif

  /// The hash of `bytes`, as 64 hexadecimal digits.
  static func hex(of bytes: some DataProtocol) -> String {
    var hash = SHA256()
    hash.update(bytes)
    return hash.hex()
  }

  /// Adds bytes.
  mutating func update(_ bytes: some DataProtocol) { hash.update(data: bytes) }

  /// The hash of everything added, as 64 hexadecimal digits.
  func hex() -> String {
    let digits = Array("0123456789abcdef")
    return String(hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
