import Columnar
import Testing

@testable import TextFormats

@Suite struct TableRendererTests {
  private func frame(rowCount: Int) throws -> DataFrame {
    try DataFrame([
      ("time", .timestamps((0..<rowCount).map { Int64($0) }, unit: .second)),
      ("price", .float64s((0..<rowCount).map { $0 == 1 ? nil : Double($0) * 2.5 })),
      ("place", .strings((0..<rowCount).map { "P\($0)" })),
    ])
  }

  @Test func columnsAreAlignedAndNumbersStandOnTheRight() throws {
    #expect(
      TableRenderer().render(try frame(rowCount: 3)) == """
        time                 price  place
        -------------------  -----  -----
        1970-01-01T00:00:00    0.0  P0
        1970-01-01T00:00:01   null  P1
        1970-01-01T00:00:02    5.0  P2

        """)
  }

  @Test func theMiddleOfALongFrameIsCounted() throws {
    var table = TableRenderer(maximumRowCount: 3)
    let frame = try frame(rowCount: 12_345).select(positions: [2])
    #expect(table.render(frame) == "place\n------\nP0\nP1\n… 12,342 more rows\nP12344\n")
    table.maximumRowCount = 12_344
    #expect(table.render(frame).contains("\n… 1 more row\n"))
    table.maximumRowCount = nil
    #expect(!table.render(frame).contains("…"))
  }

  @Test func headAndTailOfWhatIsNotInMemoryAreOneTable() throws {
    let frame = try frame(rowCount: 100).select(positions: [2])
    let text = TableRenderer().render(
      head: frame.slice(0..<1), tail: frame.slice(99..<100), omittedRowCount: 1_000_000)
    #expect(text == "place\n-----\nP0\n… 1,000,000 more rows\nP99\n")
  }

  @Test func columnsThatDoNotFitAreNamed() throws {
    var table = TableRenderer(maximumWidth: 29)
    let frame = try frame(rowCount: 1)
    #expect(
      table.render(frame) == """
        time                 price  …
        -------------------  -----  -
        1970-01-01T00:00:00    0.0  …
        more columns: place

        """)
    table.maximumWidth = 33
    #expect(!table.render(frame).contains("…"))
    table.maximumWidth = 1
    #expect(table.render(frame).hasSuffix("more columns: price, place\n"))
  }

  @Test(arguments: 1...60)
  func noLineIsWiderThanAskedUnlessOneColumnAloneIs(width: Int) throws {
    let table = TableRenderer(maximumWidth: width).render(try frame(rowCount: 2))
    let lines = table.split(separator: "\n").filter { !$0.hasPrefix("more columns") }
    #expect(lines.allSatisfy { DisplayWidth.of(String($0)) <= max(width, 22) })
  }

  @Test func aValueCannotMoveTheCursorOrFillTheScreen() throws {
    var table = TableRenderer()
    table.maximumCellWidth = 5
    let frame = try DataFrame([("s", .strings(["a\nb", "\u{1B}[2J", "123456789", "雪雪雪", ""]))])
    #expect(table.render(frame) == "s\n-----\na\\nb\n\\u{1…\n1234…\n雪雪…\n\n")
  }

  @Test func wideCharactersTakeTwoColumns() {
    #expect(["", "abc", "é", "e\u{301}", "雪", "🐦", "ｱ"].map(DisplayWidth.of) == [0, 3, 1, 1, 2, 2, 1])
  }

  @Test func aFrameWithoutRowsOrColumnsIsStillATable() throws {
    #expect(
      TableRenderer().render(try frame(rowCount: 0).select(positions: [2])) == "place\n-----\nno rows\n")
    #expect(
      TableRenderer().render(DataFrame(schema: Schema([]), columns: [], rowCount: 0)) == "\n\nno rows\n")
  }
}
