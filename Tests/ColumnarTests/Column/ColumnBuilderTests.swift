import SternaBase
import TestSupport
import Testing

@testable import Columnar

@Suite struct ColumnBuilderTests {
  @Test func aBuilderMakesWhatTheConstructorsMake() {
    let numbers: [Int64?] = (0..<5_000).map { $0 % 5 == 3 ? nil : Int64($0) - 100 }
    let builder = ColumnBuilder(.int64)
    for number in numbers { if let number { builder.append(number) } else { builder.appendNull() } }
    #expect(builder.finish() == .int64s(numbers))
    for type in [DataType.int8, .int16, .int32, .date, .duration(.second)] {
      let builder = ColumnBuilder(type)
      for value: Int64 in [-128, 127, 0] { builder.append(value) }
      let column = builder.finish()
      #expect(column.type == type)
      #expect(column.withSlots { $0.count } == 3 * (type.byteWidth ?? 0))
    }
  }

  @Test(arguments: [
    Column.bools([true, nil, false, true]), .strings(["a", nil, "", "雪"]), .binaries([[1], nil, []]),
    .dictionary(["x", "y", nil, "x"]), .float32s([1.5, nil]), .float64s([.nan, -0.0, nil]),
    .uint64s([.max, 0, nil]), .dates([nil, 3]), .timestamps([nil, 3], unit: .millisecond, zone: "UTC"),
  ])
  func copyingValueByValueGivesAnEqualColumn(column: Column) {
    let builder = ColumnBuilder(column.type)
    for row in 0..<column.count { builder.append(column.value(at: row)) }
    #expect(builder.finish() == column)
    #expect(builder.finish() == ColumnBuilder(column.type).finish())
    builder.append(column.value(at: 0))
    #expect(builder.finish() == column.slice(0..<1))
  }

  @Test func equalTextsGetOneCode() {
    let builder = ColumnBuilder(.dictionary)
    for index in 0..<10_000 { builder.append("text number \(index % 777)") }
    guard case .dictionary(let codes, let values) = builder.finish().storage else {
      Issue.record("not a dictionary")
      return
    }
    #expect(values.count == 777)
    #expect(codes.count == 40_000)
    #expect((0..<777).allSatisfy { values.string(at: $0) == "text number \($0)" })
  }

  @Test(arguments: UInt64(0)..<20)
  func concatenatedSlicesAreTheWhole(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let count = Int.random(in: 0...300, using: &random)
    let text = (0..<count).map { _ in
      Bool.random(using: &random) ? nil : "t\(Int.random(in: 0...9, using: &random))"
    }
    let columns: [Column] = [
      .strings(text), .dictionary(text), .bools(text.map { $0.map { $0 < "t5" } }),
      .int32s(text.map { $0.map { Int32($0.utf8.count) } }),
    ]
    for column in columns {
      var pieces: [Column] = []
      var start = 0
      repeat {
        let end = min(count, start + Int.random(in: 0...100, using: &random))
        pieces.append(column.slice(start..<end))
        start = end
      } while start < count
      #expect(Column.concatenating(pieces) == column, "seed \(seed)")
    }
  }
}
