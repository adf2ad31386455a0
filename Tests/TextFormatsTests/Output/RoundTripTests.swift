import Columnar
import SternaBase
import TestSupport
import Testing

@testable import TextFormats

@Suite struct RoundTripTests {
  private static let texts: [String?] = [
    nil, "", "P", "a,b", "say \"hi\"", "two\nlines", "\r", "é雪\u{1F426}", " spaced ", "null", "NA", "1",
    "'",
  ]

  /// A column of random values of a type, a fifth of them null.
  private func column(_ type: DataType, count: Int, _ random: inout SeededGenerator) -> Column {
    let builder = ColumnBuilder(type)
    for _ in 0..<count {
      let bits = random.next()
      if bits % 5 == 0 {
        builder.appendNull()
        continue
      }
      let small = Int64(bitPattern: random.next()) >> (64 - Int64(8 * (type.byteWidth ?? 1)))
      switch type {
      case .uint64: builder.append(bits)
      case .uint8, .uint16, .uint32:
        builder.append(UInt64(bits >> (64 - UInt64(8 * (type.byteWidth ?? 1)))))
      case .float64:
        builder.append(bits % 7 == 0 ? .nan : Double(bitPattern: bits).isNaN ? 1 : Double(bitPattern: bits))
      case .float32: builder.append(Float(bitPattern: UInt32(truncatingIfNeeded: bits & 0xFF7F_FFFF)))
      case .bool: builder.append(bits % 2 == 0)
      case .utf8, .dictionary:
        if let text = Self.texts[Int(bits % UInt64(Self.texts.count))] {
          builder.append(text)
        } else {
          builder.appendNull()
        }
      case .binary: withUnsafeBytes(of: bits) { builder.append(utf8: $0) }
      default: builder.append(small)
      }
    }
    return builder.finish()
  }

  private func frame(rowCount: Int, _ random: inout SeededGenerator) throws -> DataFrame {
    let types: [DataType] = [
      .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float32, .float64, .bool,
      .timestamp(.second, zone: nil), .timestamp(.nanosecond, zone: "UTC"), .duration(.microsecond), .date,
      .utf8,
      .binary, .dictionary,
    ]
    return try DataFrame(
      types.enumerated().map { ("\($0) \"\($1)\"", column($1, count: rowCount, &random)) })
  }

  @Test(arguments: [0, 1, 2, 200])
  func framesOfAllTypesComeBackFromCSV(rowCount: Int) throws {
    var random = SeededGenerator.fresh()
    let frame = try frame(rowCount: rowCount, &random)
    for delimiter in [",", ";", "\t"] {
      let dialect = CSVDialect(delimiter: delimiter.utf8.first ?? 0)
      for nullText in ["", "NA"] {
        let text = CSVWriter.text(
          of: frame, by: CSVWriter(schema: frame.schema, dialect: dialect, nullText: nullText))
        let copy = try read(text, chunkByteCount: 100) {
          $0.dialect = dialect
          $0.nullTokens = [nullText]
          $0.batchRowLimit = 33
          $0.types = Dictionary(uniqueKeysWithValues: frame.schema.fields.map { ($0.name, $0.type) })
        }
        #expect(copy == frame, "\(random), delimiter \(delimiter), null \(nullText)")
      }
    }
  }

  @Test func aSingleColumnOfNullsAndTextsComesBack() throws {
    let frame = try DataFrame([("x", .strings([nil, "", "a", nil, nil]))])
    let text = CSVWriter.text(of: frame, by: CSVWriter(schema: frame.schema))
    #expect(try read(text) == frame)
  }

  @Test func slicesAreWrittenFromTheirFirstRow() throws {
    var random = SeededGenerator.fresh()
    let whole = try frame(rowCount: 40, &random)
    let types = Dictionary(uniqueKeysWithValues: whole.schema.fields.map { ($0.name, $0.type) })
    let slice = whole.slice(11..<30)
    let copy = try read(CSVWriter.text(of: slice, by: CSVWriter(schema: whole.schema))) { $0.types = types }
    #expect(copy == slice, "\(random)")
  }

  @Test func pricesAndTimesAreInferredBackFromTheirText() throws {
    let frame = try DataFrame(
      [
        (
          "time",
          .timestamps([-1, 0, 1_381_118_400_464_000_000] as [Int64], unit: .nanosecond, zone: "UTC")
        ),
        ("price", .float64s([0.1 + 0.2, -0.0, .infinity] as [Double])),
        ("flag", .bools([true, nil, false])),
        ("day", .dates([0, -1, nil])), ("size", .int64s([.min, nil, .max])),
      ], index: "time")
    let text = CSVWriter.text(of: frame, by: CSVWriter(schema: frame.schema))
    #expect(try read(text) { $0.timeColumn = "time" } == frame)
  }
}
