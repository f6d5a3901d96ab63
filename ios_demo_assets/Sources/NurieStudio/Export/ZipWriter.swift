import Foundation

/// A ZIP of stored entries: no compression, no clock, the same bytes for the same entries.
///
/// What OpenRaster needs, whose pictures are compressed already. PKWARE's APPNOTE.TXT 6.3.10,
/// sections 4.3.7, 4.3.12 and 4.3.16. Below 4 GB: larger ones need ZIP64.
struct ZipWriter {
  private var bytes = Data()
  private var directory = Data()
  private var count: UInt16 = 0

  // 1980-01-01, 0:00, the beginning of the time that a ZIP can tell.
  private static let date: UInt16 = 0x21
  private static let version: UInt16 = 20
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in
      rest & 1 == 1 ? 0xEDB8_8320 ^ (rest >> 1) : rest >> 1
    }
  }

  /// Adds a file. name: ASCII, with / between folders.
  mutating func add(_ name: String, _ content: Data) {
    let start = UInt32(bytes.count)
    var head = Data()
    head.append(Self.version)
    head.append(UInt16(0))  // no flags
    head.append(UInt16(0))  // stored
    head.append(UInt16(0))  // time
    head.append(Self.date)
    head.append(Self.checksum(content))
    head.append(UInt32(content.count))
    head.append(UInt32(content.count))
    head.append(UInt16(name.utf8.count))
    head.append(UInt16(0))  // no extra field
    bytes.append(UInt32(0x0403_4B50))
    bytes.append(head)
    bytes.append(contentsOf: name.utf8)
    bytes.append(content)
    directory.append(UInt32(0x0201_4B50))
    directory.append(Self.version)
    directory.append(head)
    for _ in 0..<3 { directory.append(UInt16(0)) }  // comment, disk, internal attributes
    directory.append(UInt32(0))  // external attributes
    directory.append(start)
    directory.append(contentsOf: name.utf8)
    count += 1
  }

  /// The whole file.
  func finished() -> Data {
    var whole = bytes
    whole.append(directory)
    whole.append(UInt32(0x0605_4B50))
    whole.append(UInt16(0))
    whole.append(UInt16(0))
    whole.append(count)
    whole.append(count)
    whole.append(UInt32(directory.count))
    whole.append(UInt32(bytes.count))
    whole.append(UInt16(0))
    return whole
  }

  /// The CRC-32 of ISO 3309, as ZIP and PNG have it.
  static func checksum(_ content: Data) -> UInt32 {
    let rest = content.withUnsafeBytes { bytes in
      bytes.reduce(UInt32.max) { rest, byte in
        table[Int((rest ^ UInt32(byte)) & 255)] ^ (rest >> 8)
      }
    }
    return ~rest
  }
}

extension Data {
  /// Appends a number, the lowest byte first.
  fileprivate mutating func append(_ number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
