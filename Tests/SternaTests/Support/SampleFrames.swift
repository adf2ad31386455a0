import Sterna
import TestSupport

/// Frames that look like ticks: rising times with duplicates, nulls, text.
enum SampleFrames {
  static func ticks(_ count: Int, from start: Int64 = 0, seed: UInt64 = 1) throws -> DataFrame {
    var random = SeededGenerator(seed: seed)
    var time = start
    var times: [Int64] = []
    var prices: [Double?] = []
    var sizes: [Int64?] = []
    var exchanges: [String?] = []
    for row in 0..<count {
      // One tick in three shares its predecessor's time.
      time += Int64.random(in: 0...2, using: &random) * 1_000_000
      times.append(time)
      prices.append(row % 17 == 3 ? nil : Double(Int.random(in: 16_000...17_000, using: &random)) / 100)
      sizes.append(row % 29 == 5 ? nil : Int64.random(in: 1...5_000, using: &random))
      exchanges.append(row % 31 == 7 ? nil : ["P", "Q", "Z", "é"][Int.random(in: 0..<4, using: &random)])
    }
    return try DataFrame(
      [
        ("time", .timestamps(times, unit: .nanosecond)), ("price", .float64s(prices)),
        ("size", .int64s(sizes)), ("exchange", .strings(exchanges)),
      ], index: "time")
  }
}

extension DataFrame {
  /// Bit-for-bit equality of the data; nullability is a property of the symbol, not of its rows.
  func hasSameRows(as other: DataFrame) -> Bool {
    schema.fields.map(\.name) == other.schema.fields.map(\.name) && rowCount == other.rowCount
      && zip(columns, other.columns).allSatisfy { $0 == $1 }
  }
}
