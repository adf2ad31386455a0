import Columnar
import SternaBase
import TestSupport

/// Random frames of two kinds: ticks with a time index, and rows without one.
///
/// The values are those that get lost first: NaN with a payload, -0.0, infinities, nulls, empty text.
struct SoakFrames {
  enum Kind: CaseIterable { case ticks, rows }

  private static let doubles: [Double] = [
    0, -0.0, .infinity, -.infinity, .nan, Double(nan: 77, signaling: false), .leastNonzeroMagnitude, 101.25,
  ]
  private static let texts = ["", "P", "Zürich", "a longer text that is no code of an exchange"]

  /// - Parameter start: the least index value of ticks.
  static func frame(
    _ kind: Kind, rowCount: Int, from start: Int64, using random: inout SeededGenerator
  ) throws(SternaError) -> DataFrame {
    var time = start
    var times: [Int64] = []
    var prices: [Double?] = []
    var sizes: [Int64?] = []
    var texts: [String?] = []
    for _ in 0..<rowCount {
      time += Int64.random(in: 0...3, using: &random)
      times.append(time)
      let isNull = Int.random(in: 0..<8, using: &random) == 0
      prices.append(isNull ? nil : doubles[Int.random(in: 0..<doubles.count, using: &random)])
      sizes.append(isNull ? nil : Int64(truncatingIfNeeded: random.next()))
      texts.append(isNull ? nil : Self.texts[Int.random(in: 0..<Self.texts.count, using: &random)])
    }
    let columns: [(String, Column)] = [
      ("price", .float64s(prices)), ("size", .int64s(sizes)), ("text", .strings(texts)),
    ]
    switch kind {
    case .ticks:
      return try DataFrame([("time", .timestamps(times, unit: .nanosecond))] + columns, index: "time")
    case .rows: return try DataFrame(columns)
    }
  }
}

extension DataFrame {
  /// Bit-for-bit equality of the data; nullability is a property of the symbol, not of its rows.
  func hasSameRows(as other: DataFrame) -> Bool {
    schema.fields.map(\.name) == other.schema.fields.map(\.name) && rowCount == other.rowCount
      && zip(columns, other.columns).allSatisfy { $0 == $1 }
  }

  /// The index values of ticks.
  var times: [Int64] { self["time"]?.withValues(as: Int64.self) { Array($0) } ?? [] }

  /// The last index value of ticks.
  var lastTime: Int64? {
    guard let column = self["time"], rowCount > 0 else { return nil }
    return column.withValues(as: Int64.self) { $0.last }
  }
}
