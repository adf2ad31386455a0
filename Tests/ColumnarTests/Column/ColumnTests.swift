import SternaBase
import Testing

@testable import Columnar

@Suite struct ColumnTests {
  @Test func valuesComeBackFromEveryConstructor() {
    #expect(Column.int8s([-128, nil]).value(at: 0) == .integer(-128))
    #expect(Column([UInt32.max]).value(at: 0) == .unsigned(4_294_967_295))
    #expect(Column.uint64s([.max]).value(at: 0) == .unsigned(.max))
    #expect(Column.float32s([nil, 1.5]).value(at: 1) == .float32(1.5))
    #expect(Column.float64s([-0.0]).value(at: 0) == .float64(-0.0))
    #expect(Column.bools([true, nil, false]).value(at: 2) == .bool(false))
    #expect(
      Column.timestamps([7], unit: .nanosecond, zone: "UTC").value(at: 0) == .timestamp(7, .nanosecond))
    #expect(Column.durations([-7], unit: .second).value(at: 0) == .duration(-7, .second))
    #expect(Column.dates([nil, -1]).value(at: 1) == .date(-1))
    #expect(Column.strings(["", nil, "é"]).value(at: 2) == .text("é"))
    #expect(Column.binaries([[0, 255]]).value(at: 0) == .binary([0, 255]))
    #expect(Column.dictionary(["P", "Q", nil, "P"]).value(at: 3) == .text("P"))
    for column in [Column.int8s([1, nil]), .strings([nil]), .dictionary([nil]), .bools([nil])] {
      #expect(column.value(at: column.count - 1) == .null)
      #expect(column.nullCount == 1)
    }
    #expect(Column.int64s([1, 2]).validity == nil)
  }

  @Test func sliceOfASliceReadsTheSameValues() {
    let text = (0..<200).map { $0 % 7 == 0 ? nil : "value \($0)" }
    for column in [Column.strings(text), .dictionary(text)] {
      let slice = column.slice(13..<190).slice(5..<100)
      #expect((0..<95).allSatisfy { slice.string(at: $0) == text[$0 + 18] })
    }
    let bits = (0..<200).map { $0 % 3 == 0 }
    let slice = Column.bools(bits).slice(13..<190)
    #expect((0..<177).allSatisfy { slice.value(at: $0) == .bool(bits[$0 + 13]) })
  }

  @Test func equalityIsBitForBit() {
    let payload = Double(bitPattern: 0x7FF8_0000_0000_0001)
    #expect(Column.float64s([payload]) == .float64s([payload]))
    #expect(Column.float64s([payload]) != .float64s([Double.nan]))
    #expect(Column.float64s([0.0]) != .float64s([-0.0]))
    #expect(Column.int64s([1]) != .timestamps([1], unit: .second))
    #expect(Column.int64s([1, nil]) != .int64s([1, 0]))
    #expect(Column.strings(["a", "b"]) != .strings(["ab", ""]))
    #expect(Column.binaries([[1], nil]) != .binaries([[1], []]))
  }

  @Test func theSlotOfANullDoesNotCount() {
    let validity = Bitmap([true, false])
    let one = Column(
      type: .int64, count: 2, storage: Column.int64s([1, 2]).storage, validity: validity)
    #expect(one == .int64s([1, nil]))
    let allPresent = Column(
      type: .int64, count: 1, storage: Column.int64s([1]).storage, validity: Bitmap([true]))
    #expect(allPresent == .int64s([1]))
  }

  @Test func dictionariesAreEqualByTheirTexts() {
    #expect(Column.dictionary(["a", "b", nil, "a"]).slice(1..<4) == .dictionary(["b", nil, "a"]))
    #expect(Column.dictionary(["a"]) != .dictionary(["b"]))
  }

  @Test func searchFindsTheBoundsOfEveryIndexType() {
    let columns: [Column] = [
      .int8s([-3, 1, 1, 9]), .int16s([-3, 1, 1, 9]), .int32s([-3, 1, 1, 9]), .int64s([-3, 1, 1, 9]),
      .dates([-3, 1, 1, 9]), .timestamps([-3, 1, 1, 9], unit: .second),
    ]
    for column in columns {
      #expect(column.indexValue(at: 0) == -3)
      #expect([-4, -3, 0, 1, 2, 9, 10].map { column.lowerBound(of: $0) } == [0, 0, 1, 1, 3, 3, 4])
      #expect([-4, -3, 0, 1, 2, 9, 10].map { column.upperBound(of: $0) } == [0, 1, 1, 3, 3, 4, 4])
    }
    for column in [Column.uint8s([3, 200]), .uint16s([3, 200]), .uint32s([3, 200])] {
      #expect(column.indexValue(at: 1) == 200)
      #expect(column.lowerBound(of: 4) == 1)
    }
    #expect(Column.int64s([Int64]()).lowerBound(of: 0) == 0)
  }
}
