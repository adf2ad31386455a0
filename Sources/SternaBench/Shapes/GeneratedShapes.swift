import Columnar
import SternaBase
import TestSupport

/// Prices in cents that walk at random: many columns of one time index.
enum RandomWalks {
  static func frame(rowCount: Int) throws -> DataFrame {
    var random = SeededGenerator(seed: 1)
    var columns = [("time", BenchData.times(rowCount, everyNanoseconds: 1_000_000_000))]
    for number in 0..<12 {
      let deviation = [1.0, 2.0, 3.0, 5.0][number % 4]
      var cents = 10_000.0
      let prices = (0..<rowCount).map { _ in
        cents += random.normal() * deviation
        return cents.rounded() / 100
      }
      columns.append(("walk\(Int(deviation))c_\(number / 4)", .float64s(prices)))
    }
    return try DataFrame(columns, index: "time")
  }
}

/// Doubles with nothing to save but what their making leaves.
enum RandomDoubles {
  static func frame(rowCount: Int) throws -> DataFrame {
    var random = SeededGenerator(seed: 2)
    return try DataFrame(
      [
        ("time", BenchData.times(rowCount, everyNanoseconds: 1_000_000)),
        ("uniform", .float64s((0..<rowCount).map { _ in random.uniform() })),
        ("uniform100", .float64s((0..<rowCount).map { _ in random.uniform() * 100 })),
        ("normal", .float64s((0..<rowCount).map { _ in random.normal() })),
        ("returns", .float64s((0..<rowCount).map { _ in random.normal() * 0.01 })),
        ("float", Column((0..<rowCount).map { _ in Float(random.uniform()) })),
      ], index: "time")
  }
}

/// Records of a service: ids of many kinds, counts, amounts.
enum MixedRecords {
  private static let words = ["order", "Paris", "blue", "mountain", "New York", "x-ray", "trade", "river"]

  static func frame(rowCount: Int) throws -> DataFrame {
    var random = SeededGenerator(seed: 3)
    let rows = 0..<rowCount
    return try DataFrame(
      [
        ("time", BenchData.times(rowCount, everyNanoseconds: 1_000_000)),
        ("padded_id", .strings(rows.map { _ in "user_" + padded(random.below(5_000_000), 8) })),
        ("bare_id", .strings(rows.map { _ in "id-\(random.below(2_000_000))" })),
        ("hex_id", .strings(rows.map { _ in hex(random.next()) })),
        ("order_id", .strings(rows.map { "ORD-2024-" + padded($0 * 3 + random.below(3), 9) })),
        (
          "words",
          .strings(rows.map { _ in (0..<3).map { _ in words[random.below(8)] }.joined(separator: " ") })
        ),
        ("category", .strings(rows.map { _ in "cat\(random.below(5_000))" })),
        ("quantity", .int64s(rows.map { _ in Int64(random.below(1_000)) })),
        ("big", .int64s(rows.map { _ in Int64(random.below(1 << 40)) })),
        ("skewed", .int64s(rows.map { _ in Int64(1 / (1 - random.uniform())) })),
        ("amount", .float64s(rows.map { _ in Double(random.below(1_000_000)) / 100 })),
      ], index: "time")
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func hex(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// Quotes of one side at a time: alternating zeros, prices in cents, few exchanges, bursts in time.
enum SimulatedQuotes {
  static func frame(rowCount: Int) throws -> DataFrame {
    var random = SeededGenerator(seed: 4)
    let rows = 0..<rowCount
    var (time, cents) = (Int64(1_381_118_400_000), 4_900)
    var sizes = [3, 5]
    let exchanges = ["N", "N", "N", "Q", "Q", "Z", "P", "K"]
    var bids: [Double] = []
    var (times, asks, bidSizes, askSizes): ([Int64], [Double], [Int64], [Int64]) = ([], [], [], [])
    for row in rows {
      time += random.below(3) == 0 ? Int64(random.below(60)) : 0
      if random.below(20) == 0 { cents += random.below(3) - 1 }
      let side = random.below(12) == 0 ? random.below(2) : row & 1
      if random.below(2) == 0 { sizes[side] = max(1, sizes[side] + random.below(5) - 2) }
      times.append(time * 1_000_000)
      bids.append(side == 0 ? Double(cents) / 100 : 0)
      asks.append(side == 1 ? Double(cents + 1) / 100 : 0)
      bidSizes.append(side == 0 ? Int64(sizes[0] * 100) : 0)
      askSizes.append(side == 1 ? Int64(sizes[1] * 100) : 0)
    }
    return try DataFrame(
      [
        ("time", .timestamps(times, unit: .nanosecond)), ("bid", .float64s(bids)),
        ("bid_size", .int64s(bidSizes)), ("ask", .float64s(asks)), ("ask_size", .int64s(askSizes)),
        ("exchange", .strings(rows.map { _ in exchanges[random.below(8)] })),
        ("condition", .int64s(rows.map { _ in 1 })),
      ], index: "time")
  }
}
