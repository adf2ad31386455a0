import SternaBase

extension DataType {
  /// A value of an index of this type as people write it: ISO 8601 for instants and days.
  package func indexText(_ value: Int64) -> String {
    switch self {
    case .timestamp(let unit, let zone):
      return TimestampText.format(value, unitsPerSecond: unit.unitsPerSecond, zoned: zone != nil)
    case .date:
      guard let days = Int32(exactly: value) else { return "day \(value)" }
      var text: [UInt8] = []
      DateText.append(daysSinceEpoch: Int64(days), to: &text)
      return String(decoding: text, as: UTF8.self)
    default: return "\(value)"
    }
  }
}
