import SternaBase

/// The shape that all texts of a column share: ids, order numbers, hashes, addresses, dates.
///
///     user_00012345         literal "user_" | 8 digits of 10
///     id-17                 literal "id-" | a number without leading zeros
///     9f86d081-884c         8 digits of 16 | literal "-" | 4 digits of 16
///
/// - Invariant: at most `Encoding.patternFieldCount` fields; a field of n digits of an alphabet of a
/// bytes has
///   a^n <= 2^64, so that its number fits in 64 bits.
struct TextPattern: Hashable {
  enum Part: Hashable {
    case literal([UInt8])
    /// A decimal number without leading zeros, below 10^18.
    case number
    /// As many digits as `width`, most significant first; the alphabet's bytes are the digits 0, 1, 2, ...
    case digits(width: Int, alphabet: [UInt8])
  }

  static let decimalDigits = Array("0123456789".utf8)
  static let hexDigits = Array("0123456789abcdef".utf8)
  static let upperHexDigits = Array("0123456789ABCDEF".utf8)
  /// The most bytes that a literal may have, and that all parts may have together.
  static let byteCountMax = 256
  /// Digits of a number.
  static let numberWidthMax = 18

  var parts: [Part]

  var fieldCount: Int {
    parts.reduce(0) { if case .literal = $1 { $0 } else { $0 + 1 } }
  }

  /// The bytes of every text, or nil when they differ in length.
  var fixedByteCount: Int? {
    parts.contains(.number) ? nil : minimumByteCount
  }

  /// The bytes of literals and digits.
  var minimumByteCount: Int {
    parts.reduce(0) { count, part in
      switch part {
      case .literal(let bytes): count + bytes.count
      case .number: count
      case .digits(let width, _): count + width
      }
    }
  }

  /// Whether every text is ASCII, so that it needs no further look.
  var isASCII: Bool {
    parts.allSatisfy { part in
      switch part {
      case .literal(let bytes): bytes.allSatisfy { $0 < 0x80 }
      case .number: true
      case .digits(_, let alphabet): alphabet.allSatisfy { $0 < 0x80 }
      }
    }
  }

  /// The most digits of an alphabet that fit in 64 bits.
  static func widthMax(alphabetCount: Int) -> Int {
    var width = 0
    var power: UInt64 = 1
    while true {
      let (next, overflow) = power.multipliedReportingOverflow(by: UInt64(alphabetCount))
      // 2^64 itself overflows, but its largest number does not.
      if overflow { return next == 0 ? width + 1 : width }
      power = next
      width += 1
    }
  }
}

extension TextPattern {
  private enum Kind: UInt8 {
    case literal = 0
    case number = 1
    case digits = 2
  }

  /// Count varint, then of each part: kind u8; a literal's length varint and bytes; the width u8, the
  /// alphabet's length - 1 u8 and bytes.
  func write(to writer: inout ByteWriter) {
    writer.writeCount(parts.count)
    for part in parts {
      switch part {
      case .literal(let bytes):
        writer.write(Kind.literal.rawValue)
        writer.writeCount(bytes.count)
        writer.writeRaw(bytes)
      case .number: writer.write(Kind.number.rawValue)
      case .digits(let width, let alphabet):
        writer.write(Kind.digits.rawValue)
        writer.write(UInt8(width))
        writer.write(UInt8(alphabet.count - 1))
        writer.writeRaw(alphabet)
      }
    }
  }

  init(reading reader: inout ByteReader) throws(SternaError) {
    parts = []
    for _ in 0..<(try reader.readCount(atMost: 2 * Encoding.patternFieldCount + 1)) {
      guard let kind = Kind(rawValue: try reader.read()) else {
        throw reader.malformed("part of a pattern")
      }
      switch kind {
      case .literal:
        parts.append(.literal(try reader.readRaw(reader.readCount(atMost: Self.byteCountMax)).array))
      case .number: parts.append(.number)
      case .digits:
        let width = Int(try reader.read(UInt8.self))
        let alphabet = try reader.readRaw(Int(try reader.read(UInt8.self)) + 1).array
        guard alphabet.count > 1, width > 0, width <= Self.widthMax(alphabetCount: alphabet.count) else {
          throw reader.malformed("\(width) digits of \(alphabet.count)")
        }
        parts.append(.digits(width: width, alphabet: alphabet))
      }
    }
    guard fieldCount <= Encoding.patternFieldCount, minimumByteCount <= Self.byteCountMax else {
      throw reader.malformed("pattern of \(fieldCount) fields")
    }
  }
}
