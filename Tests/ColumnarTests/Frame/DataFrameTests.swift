import SternaBase
import Testing

@testable import Columnar

@Suite struct DataFrameTests {
  private func code(_ body: () throws -> Void) -> SternaError.Code? {
    do {
      try body()
      return nil
    } catch { return (error as? SternaError)?.code }
  }

  @Test func columnsOfUnequalLengthAreRefused() {
    #expect(code { _ = try DataFrame([("a", .int64s([1, 2])), ("b", .int64s([1]))]) } == .invalidArgument)
  }

  @Test func theIndexIsOneSortedColumnWithoutNulls() throws {
    let times = Column.timestamps([1, 1, 2], unit: .second)
    let prices = Column.float64s([1, 2, 3])
    let frame = try DataFrame([("t", times), ("p", prices)], index: "t")
    #expect(frame.index == times)
    #expect(frame["p"] == prices)
    #expect(frame.schema.fields.map(\.isNullable) == [false, true])
    #expect(code { _ = try DataFrame([("t", times), ("t", times)], index: "t") } == .invalidArgument)
    #expect(code { _ = try DataFrame([("t", times)], index: "x") } == .invalidArgument)
    #expect(code { _ = try DataFrame([("p", prices)], index: "p") } == .invalidArgument)
    #expect(code { _ = try DataFrame([("i", .int64s([1, nil]))], index: "i") } == .invalidArgument)
    #expect(try DataFrame([("t", times), ("t", times)]).columns.count == 2)
  }

  @Test func anUnsortedIndexNamesItsRow() {
    do {
      _ = try DataFrame([("i", .uint8s([1, 200, 7, 8]))], index: "i")
      Issue.record("accepted")
    } catch {
      #expect(error.code == .unsortedIndex)
      #expect(error.message.contains("row 2 "))
    }
  }

  @Test func concatenationKeepsTheIndexSorted() throws {
    let frame = try DataFrame([("i", .int64s([1, 2, 3])), ("s", .strings(["a", nil, "c"]))], index: "i")
    #expect(try DataFrame.concatenating([frame.slice(0..<1), frame.slice(1..<3)]) == frame)
    #expect(code { _ = try DataFrame.concatenating([frame, frame]) } == .unsortedIndex)
    let other = try DataFrame([("i", .int64s([9]))], index: "i")
    #expect(code { _ = try DataFrame.concatenating([frame, other]) } == .schemaMismatch)
    #expect(code { _ = try DataFrame.concatenating([]) } == .invalidArgument)
  }

  @Test func selectionKeepsTheIndexWhenItIsChosen() throws {
    let frame = try DataFrame([("i", .int64s([1])), ("a", .bools([true]))], index: "i")
    #expect(try frame.select(columns: ["a", "i"]).schema.indexColumn == 1)
    #expect(try frame.select(columns: ["a"]).schema.indexColumn == nil)
    #expect(code { _ = try frame.select(columns: ["z"]) } == .invalidArgument)
  }
}
