import ArgumentParser
import Columnar
import Sterna
import Testing
import TextFormats

@testable import SternaCLI

@Suite struct CSVArgumentTests {
  private func options(_ arguments: [String]) throws -> CSVOptions {
    try ImportCommand.parse(["f.csv", "s", "l", "y"] + arguments).csv.options
  }

  @Test("Each option reaches the reader")
  func options() throws {
    let options = try options([
      "--time", "ts", "--unit", "ms", "--type", "a=float64", "--type", "a=b=int8", "--null", "NA", "--null",
      "-",
      "--delimiter", "tab", "--no-header", "--batch-rows", "7",
    ])
    #expect(options.timeColumn == "ts")
    #expect(options.timeUnit == .exactly(.millisecond))
    #expect(options.types == ["a": .float64, "a=b": .int8])
    #expect(options.nullTokens == ["NA", "-"])
    #expect(options.dialect.delimiter == UInt8(ascii: "\t"))
    #expect(!options.hasHeader)
    #expect(options.batchRowLimit == 7)
  }

  @Test("Without options the reader's own defaults hold")
  func defaults() throws {
    #expect(try options([]) == CSVOptions())
  }

  @Test("Of two types for one column the later one counts")
  func laterType() throws {
    #expect(try options(["--type", "a=int8", "--type", "a=utf8"]).types == ["a": .utf8])
  }

  @Test(
    "What cannot be meant is refused",
    arguments: [
      ["--type", "a=foo"], ["--type", "int8"], ["--type", "=int8"], ["--delimiter", "ab"],
      ["--delimiter", "\""],
      ["--delimiter", "é"], ["--batch-rows", "0"], ["--slice-rows", "-1"], ["--unit", "minutes"],
      ["--metadata", "{"],
    ])
  func refused(_ arguments: [String]) {
    #expect(throws: (any Error).self) { try options(arguments) }
  }

  @Test("An append takes index and types from the symbol, where the user does not say otherwise")
  func appending() {
    let schema = Schema(
      [
        Field("t", .timestamp(.nanosecond, zone: nil), nullable: false), Field("a", .float64),
        Field("b", .dictionary),
      ], index: "t")
    var options = CSVOptions()
    options.types = ["b": .utf8]
    let appending = options.appending(to: schema)
    #expect(appending.timeColumn == "t")
    #expect(appending.types == ["b": .utf8])
    #expect(appending.expectedTypes == ["a": .float64])
  }

  @Test("A time column of another unit or type keeps it")
  func appendingToOtherIndex() {
    let milliseconds = DataType.timestamp(.millisecond, zone: nil)
    let times = Schema([Field("t", milliseconds, nullable: false)], index: "t")
    #expect(CSVOptions().appending(to: times).expectedTypes == ["t": milliseconds])
    let numbers = Schema([Field("n", .int64, nullable: false)], index: "n")
    #expect(CSVOptions().appending(to: numbers).expectedTypes == ["n": .int64])
    #expect(CSVOptions().appending(to: numbers).timeColumn == "n")
  }
}
