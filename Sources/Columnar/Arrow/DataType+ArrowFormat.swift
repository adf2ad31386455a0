import SternaBase

extension DataType {
  /// The format string of this type in Arrow's C data interface; that of the codes for a dictionary.
  var arrowFormat: String {
    switch self {
    case .int8: "c"
    case .uint8: "C"
    case .int16: "s"
    case .uint16: "S"
    case .int32, .dictionary: "i"
    case .uint32: "I"
    case .int64: "l"
    case .uint64: "L"
    case .float32: "f"
    case .float64: "g"
    case .bool: "b"
    case .timestamp(let unit, let zone): "ts\(unit.arrowLetter):\(zone ?? "")"
    case .duration(let unit): "tD\(unit.arrowLetter)"
    case .date: "tdD"
    case .utf8: "U"
    case .binary: "Z"
    }
  }
}

extension TimeUnit {
  var arrowLetter: Character {
    switch self {
    case .second: "s"
    case .millisecond: "m"
    case .microsecond: "u"
    case .nanosecond: "n"
    }
  }

  init?(arrowLetter: Character) {
    guard let unit = TimeUnit.allCases.first(where: { $0.arrowLetter == arrowLetter }) else { return nil }
    self = unit
  }
}

/// How an Arrow array lays out its values, and as which type they are taken.
///
/// Several Arrow layouts become one Sterna type: 32-bit offsets are widened, views are copied together.
enum ArrowLayout: Hashable {
  case fixedWidth(DataType)
  case bits
  /// Offsets of 4 or 8 bytes, then the values' bytes.
  case variable(DataType, offsetWidth: Int)
  /// 16-byte views that hold short values themselves and point to the others.
  case views(DataType)
  /// Every value has this many bytes.
  case fixedBytes(Int)
  /// Milliseconds at midnight.
  case dayMilliseconds
  case allNull

  /// Nil for types that Sterna does not store.
  init?(format: String) {
    if let plain = Self.plainFormats[format] {
      self = plain
      return
    }
    let letters = Array(format)
    if format.hasPrefix("ts"), letters.count >= 4, letters[3] == ":",
      let unit = TimeUnit(arrowLetter: letters[2])
    {
      let zone = String(letters[4...])
      self = .fixedWidth(.timestamp(unit, zone: zone.isEmpty ? nil : zone))
    } else if format.hasPrefix("tD"), letters.count == 3, let unit = TimeUnit(arrowLetter: letters[2]) {
      self = .fixedWidth(.duration(unit))
    } else if format.hasPrefix("w:"), let width = Int(String(letters[2...])),
      (0...(1 << 20)).contains(width)
    {
      self = .fixedBytes(width)
    } else {
      return nil
    }
  }

  private static let plainFormats: [String: ArrowLayout] = [
    "c": .fixedWidth(.int8), "C": .fixedWidth(.uint8), "s": .fixedWidth(.int16), "S": .fixedWidth(.uint16),
    "i": .fixedWidth(.int32), "I": .fixedWidth(.uint32), "l": .fixedWidth(.int64),
    "L": .fixedWidth(.uint64),
    "f": .fixedWidth(.float32), "g": .fixedWidth(.float64), "b": .bits, "tdD": .fixedWidth(.date),
    "tdm": .dayMilliseconds, "n": .allNull,
    "u": .variable(.utf8, offsetWidth: 4), "U": .variable(.utf8, offsetWidth: 8), "vu": .views(.utf8),
    "z": .variable(.binary, offsetWidth: 4), "Z": .variable(.binary, offsetWidth: 8), "vz": .views(.binary),
  ]

  /// The type that the values become. A column of nothing but nulls has no type of its own.
  var type: DataType {
    switch self {
    case .fixedWidth(let type), .variable(let type, _), .views(let type): type
    case .bits: .bool
    case .fixedBytes: .binary
    case .dayMilliseconds: .date
    case .allNull: .utf8
    }
  }

  /// Buffers that an array of this layout has at least.
  var bufferCount: Int {
    switch self {
    case .allNull: 0
    case .variable: 3
    default: 2
    }
  }
}
