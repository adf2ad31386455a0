import Columnar

/// Frames of consecutive columns made of chosen numbers.
enum NumberFrames {
  static func frame(_ numbers: [Int64], values: [Int64]? = nil, hasIndex: Bool = true) throws -> DataFrame {
    try DataFrame(
      [
        ("time", .timestamps(numbers, unit: .nanosecond)), ("value", .int64s(values ?? numbers)),
        ("text", .strings((values ?? numbers).map { $0 % 7 == 0 ? nil : "t\($0 % 11)" })),
      ], index: hasIndex ? "time" : nil)
  }
}
