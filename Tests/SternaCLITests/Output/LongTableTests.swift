import Columnar
import Sterna
import Testing

@testable import SternaCLI

@Suite struct LongTableTests {
  private static let schema = Schema([Field("n", .int64)])

  private func frame(_ rows: Range<Int>) throws -> DataFrame {
    try DataFrame([("n", .int64s(rows.map { Int64($0) as Int64? }))])
  }

  private func numbers(_ frame: DataFrame) -> [Int] {
    (0..<frame.rowCount).map { row in
      if case .integer(let value) = frame.columns[0].value(at: row) { Int(value) } else { -1 }
    }
  }

  @Test("Whatever the frames, the first and last rows are shown and the rest is counted")
  func everySplit() throws {
    for rowCount in 0...13 {
      for step in 1...5 {
        var table = LongTable(schema: Self.schema, limit: 6)
        for start in stride(from: 0, to: rowCount, by: step) {
          try table.add(try frame(start..<min(start + step, rowCount)))
        }
        let ends = try table.ends()
        let shown = numbers(ends.head) + numbers(ends.tail)
        let all = Array(0..<rowCount)
        #expect(shown == (rowCount <= 6 ? all : Array(all.prefix(3) + all.suffix(3))))
        #expect(ends.omittedRowCount == max(0, rowCount - 6))
      }
    }
  }

  @Test("Without a limit every row is shown")
  func unlimited() throws {
    var table = LongTable(schema: Self.schema, limit: nil)
    try table.add(try frame(0..<50))
    try table.add(try frame(50..<90))
    let ends = try table.ends()
    #expect(numbers(ends.head) == Array(0..<90))
    #expect(ends.tail.rowCount == 0 && ends.omittedRowCount == 0)
  }
}
