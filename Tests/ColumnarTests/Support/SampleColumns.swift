import SternaBase
import TestSupport

@testable import Columnar

/// Columns that between them reach every encoding and every edge of it.
enum SampleColumns {
  static let types: [DataType] = [
    .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float32, .float64, .bool,
    .timestamp(.nanosecond, zone: "America/New_York"), .timestamp(.second, zone: nil),
    .duration(.microsecond),
    .date, .utf8, .binary, .dictionary,
  ]

  /// Which rows are null.
  enum Nulls: CaseIterable {
    case none, all, some, firstHalf, onlyLast

    func isNull(_ row: Int, of count: Int, _ random: inout SeededGenerator) -> Bool {
      switch self {
      case .none: false
      case .all: true
      case .some: random.next() % 3 == 0
      case .firstHalf: row < count / 2
      case .onlyLast: row == count - 1
      }
    }
  }

  /// How values follow each other.
  enum Shape: CaseIterable {
    case constant, ramp, scaledRamp, narrow, fewFarApart, anything

    func number(_ row: Int, _ random: inout SeededGenerator) -> Int64 {
      switch self {
      case .constant: -42
      case .ramp: Int64(row) * 3 + Int64(random.next() % 3)
      case .scaledRamp: 1_381_118_400_000_000_000 + Int64(row) * 7_000_000 * Int64(random.next() % 5)
      case .narrow: Int64(random.next() % 100) - 50
      case .fewFarApart: [Int64.min, -1, 0, 20_002_000, .max][Int(random.next() % 5)]
      case .anything: Int64(bitPattern: random.next() >> (random.next() % 64))
      }
    }

    func double(_ row: Int, _ random: inout SeededGenerator) -> Double {
      switch self {
      case .constant: 167.41
      case .ramp, .scaledRamp: Double(16_000 + row) / 100
      case .narrow:
        row % 97 == 13 ? [-0.0, .nan, .infinity, 1 / 3][row % 4] : Double(random.next() % 10_000) / 1_000
      case .fewFarApart:
        [-0.0, 0, .infinity, -.infinity, .nan, .greatestFiniteMagnitude, .leastNonzeroMagnitude][
          Int(random.next() % 7)]
      case .anything: Double(bitPattern: random.next())
      }
    }
  }

  static func make(_ type: DataType, _ shape: Shape, _ nulls: Nulls, count: Int, seed: UInt64) -> Column {
    var random = SeededGenerator(seed: seed)
    let builder = ColumnBuilder(type)
    for row in 0..<count {
      if nulls.isNull(row, of: count, &random) {
        builder.appendNull()
        continue
      }
      switch type {
      case .float64: builder.append(shape.double(row, &random))
      case .float32:
        builder.append(
          shape == .anything
            ? Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            : Float(shape.double(row, &random)))
      case .bool: builder.append(shape.number(row, &random) & 1 == 0)
      case .utf8, .dictionary, .binary: builder.append(text(shape, row, &random))
      default: builder.append(shape.number(row, &random))
      }
    }
    return builder.finish()
  }

  private static func text(_ shape: Shape, _ row: Int, _ random: inout SeededGenerator) -> String {
    switch shape {
    case .constant: "SPY"
    case .ramp, .scaledRamp: "row \(row)"
    case .narrow: ["P", "Q", "", "é"][Int(random.next() % 4)]
    case .fewFarApart: String(repeating: "雪 ", count: Int(random.next() % 5) * 10)
    case .anything: "\(random.next() >> (random.next() % 64))"
    }
  }
}
