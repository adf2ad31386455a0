import ArgumentParser
import Sterna
import Testing

@testable import SternaCLI

@Suite struct SelectionArgumentTests {
  @Test("Row ranges have two ends, either of which may be open")
  func rowRanges() {
    #expect(RowRange("3:7")?.rows == 3..<7)
    #expect(RowRange("3:3")?.rows == 3..<3)
    #expect(RowRange(":7")?.rows == 0..<7)
    #expect(RowRange("3:")?.rows == 3..<Int.max)
    #expect(RowRange(":")?.rows == 0..<Int.max)
  }

  @Test(
    "Anything else is no row range",
    arguments: ["", "3", "7:3", "-1:3", "3:-1", "a:b", "1:2:3", "99999999999999999999:", "1.5:2"])
  func notRowRanges(_ text: String) {
    #expect(RowRange(text) == nil)
  }

  @Test("An instant is both of its ends, with or without a zone")
  func instants() throws {
    let bound = try #require(TimeBound("2013-10-07T04:00:00.5"))
    #expect(bound.first == "2013-10-07T04:00:00.5")
    #expect(bound.last == bound.first)
    #expect(try #require(TimeBound("2013-10-07T04:00:00+02:00")).first == "2013-10-07T02:00:00Z")
  }

  @Test("A day is all of its nanoseconds")
  func days() throws {
    let bound = try #require(TimeBound("2013-10-07"))
    #expect(bound.first == "2013-10-07T00:00:00")
    #expect(bound.last == "2013-10-07T23:59:59.999999999")
  }

  @Test(
    "What is no instant is no bound", arguments: ["", "today", "2013-02-30", "2013-10-07T25:00:00", "12"])
  func notInstants(_ text: String) {
    #expect(TimeBound(text) == nil)
  }

  @Test("A version is a number, the time that it was the newest at, or a snapshot")
  func versions() {
    #expect(AsOf(argument: "3") == .version(3))
    #expect(AsOf(argument: "-1") == .version(-1))
    #expect(AsOf(argument: "2013-10-07") == .time("2013-10-07"))
    #expect(AsOf(argument: "v3") == .snapshot("v3"))
    #expect(AsOf(argument: "") == nil)
  }

  @Test("Columns are separated by commas that no backslash precedes")
  func columns() {
    #expect(ColumnList("a")?.names == ["a"])
    #expect(ColumnList("price,size")?.names == ["price", "size"])
    #expect(ColumnList(#"a\,b,c"#)?.names == ["a,b", "c"])
    #expect(ColumnList(#"a\\,b"#)?.names == [#"a\"#, "b"])
    #expect(ColumnList(#"a\b\"#)?.names == [#"a\b\"#])
    #expect(ColumnList("") == nil)
    #expect(ColumnList("a,,b") == nil)
    #expect(ColumnList("a,") == nil)
  }

  @Test("Rows are chosen by time or by number, not by both, and not backwards")
  func catArguments() throws {
    let place = ["s", "l", "y"]
    #expect(throws: (any Error).self) {
      try CatCommand.parse(place + ["--since", "2013-10-07", "--rows", "1:2"])
    }
    #expect(throws: (any Error).self) {
      try CatCommand.parse(place + ["--since", "2013-10-08", "--until", "2013-10-07"])
    }
    let command = try CatCommand.parse(
      place + ["--since", "2013-10-07", "--until", "2013-10-07", "--as-of", "-1", "--columns", "a,b"])
    #expect(command.version.asOf == .version(-1))
    #expect(command.columns?.names == ["a", "b"])
  }
}
