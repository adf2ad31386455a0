import Columnar
import SternaBase

extension DataType {
  /// The type that a user names: what `description` prints, and shorter `timestamp`, `duration`
  /// (nanoseconds) and `dictionary`.
  package init(parsing text: String) throws(SternaError) {
    guard let type = Self.plain[text] ?? Self.withUnit(text) else {
      throw SternaError(
        .invalidArgument, "'\(text)' names no type",
        advice: """
          Use one of int8 to int64, uint8 to uint64, float32, float64, bool, date, utf8, dictionary, \
          binary, timestamp[s|ms|us|ns], timestamp[ns, UTC] or duration[s|ms|us|ns].
          """)
    }
    self = type
  }

  private static let plain: [String: DataType] = {
    let types: [DataType] = [
      .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float32, .float64, .bool, .date,
      .utf8, .binary, .dictionary,
    ]
    var byName = Dictionary(uniqueKeysWithValues: types.map { ($0.description, $0) })
    byName["dictionary"] = .dictionary
    byName["timestamp"] = .timestamp(.nanosecond, zone: nil)
    byName["duration"] = .duration(.nanosecond)
    return byName
  }()

  /// `timestamp[ms]`, `timestamp[ms, UTC]`, `duration[ms]`.
  private static func withUnit(_ text: String) -> DataType? {
    guard text.last == "]", let open = text.firstIndex(of: "[") else { return nil }
    let parts = text[text.index(after: open)...].dropLast().split(
      separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
    guard let unit = parts.first.flatMap({ TimeUnit(symbol: $0) }) else { return nil }
    let zone = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : nil
    switch text[..<open] {
    case "timestamp" where zone != "": return .timestamp(unit, zone: zone)
    case "duration" where zone == nil: return .duration(unit)
    default: return nil
    }
  }
}
