import Sterna

/// What the golden stores hold, row by row and without chance: the numbers of rows decide everything.
enum GoldenContents {
  /// The number of a row, and how often it was replaced.
  typealias Row = (number: Int64, generation: Int64)

  static let longName = "Ünïcode/and.long " + String(repeating: "0123456789", count: 25)

  /// The rows of each version of `ticks`; nil for those that were deleted.
  static var ticks: [[Row]?] {
    var rows: [Row] = (0..<60).map { (Int64($0), 0) }
    var versions: [[Row]?] = [rows]
    rows += [(60, 0), (61, 0), (62, 0)]
    versions.append(nil)
    for position in 10...12 { rows[position].generation = 1 }
    versions.append(rows)
    rows.removeAll { (20...29).contains($0.number) }
    versions.append(rows)
    versions.append(rows)
    for number in Int64(100)..<140 {
      rows.append((number, 0))
      versions.append(rows)
    }
    versions[7] = nil
    return versions
  }

  /// The rows of each version of `parts`, whose slices are parts of segments.
  static var parts: [[Row]] {
    var rows: [Row] = (0..<200).map { ($0 * 2, 0) }
    var versions = [rows]
    func add(_ edit: (inout [Row]) -> Void) {
      edit(&rows)
      versions.append(rows)
    }
    add { $0.insert((101, 0), at: 51) }
    add { $0[120].generation = 1 }
    add { $0.removeAll { (150...155).contains($0.number) } }
    add { $0 += [(500, 0), (501, 0)] }
    add { $0.insert((251, 0), at: $0.firstIndex { $0.number > 251 } ?? 0) }
    return versions
  }

  /// A frame with an index, as `ticks` has them.
  static func frame(_ rows: [Row]) throws -> DataFrame {
    let numbers = rows.map { $0.number * 7_919 % 1_000 + $0.generation * 1_000_000 }
    return try DataFrame(
      [
        ("time", .timestamps(rows.map { time($0.number) }, unit: .nanosecond, zone: "America/New_York")),
        ("size", .int64s(numbers.map { $0 % 11 == 3 ? nil : $0 })),
        ("price", .float64s(numbers.map { $0 % 13 == 5 ? nil : Double($0) / 100 })),
        ("venue", .strings(numbers.map { $0 % 17 == 7 ? nil : ["P", "Q", "é", ""][Int($0 % 4)] })),
      ], index: "time")
  }

  static func time(_ number: Int64) -> Int64 { 1_381_152_600_000_000_000 + number * 1_000_000_001 }

  /// Every type, with nulls and the values that are easily lost.
  static func everyType() throws -> DataFrame {
    let count = 40
    func values<Value>(_ value: (Int) -> Value) -> [Value?] {
      (0..<count).map { $0 % 9 == 4 ? nil : value($0) }
    }
    let doubles: [Double] = [
      0, -0.0, .nan, Double(nan: 5, signaling: false), .infinity, -.infinity, .leastNonzeroMagnitude,
      .greatestFiniteMagnitude, 0.1, -1.5,
    ]
    return try DataFrame([
      ("int8", .int8s(values { Int8(truncatingIfNeeded: $0 &* 37) })),
      ("int16", .int16s(values { Int16(truncatingIfNeeded: $0 &* 3_701) })),
      ("int32", .int32s(values { Int32(truncatingIfNeeded: $0 &* 370_100_007) })),
      ("int64", .int64s(values { Int64($0) &* 0x1E37_79B9_7F4A_7C15 })),
      ("uint8", .uint8s(values { UInt8(truncatingIfNeeded: $0 &* 91) })),
      ("uint16", .uint16s(values { UInt16(truncatingIfNeeded: $0 &* 9_001) })),
      ("uint32", .uint32s(values { UInt32(truncatingIfNeeded: $0 &* 900_000_001) })),
      ("uint64", .uint64s(values { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 })),
      ("float32", .float32s(values { Float($0) / 7 })),
      ("float64", .float64s(values { doubles[$0 % doubles.count] })),
      ("bool", .bools(values { $0 % 3 == 0 })),
      ("second", .timestamps(values { Int64($0) - 20 }, unit: .second)),
      ("millisecond", .timestamps(values { Int64($0) << 40 }, unit: .millisecond, zone: "UTC")),
      ("duration", .durations(values { Int64($0) * -1_000 }, unit: .microsecond)),
      ("date", .dates(values { Int32($0 * 1_000 - 20_000) })),
      ("text", .strings(values { ["", "a", "日本語", "e\u{301}", "x\0y"][$0 % 5] + "\($0 / 5)" })),
      ("binary", .binaries(values { [UInt8](repeating: UInt8($0), count: $0 % 4) })),
      ("category", .dictionary(values { ["north", "south", "", "☃"][$0 % 4] })),
      ("constant", .int64s(Array(repeating: 42, count: count))),
    ])
  }
}
