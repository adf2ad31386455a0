import Columnar
import Sterna
import Testing

@testable import SternaCLI

@Suite struct ReportTests {
  private var record: Record {
    var record = Record()
    record.add("symbol", "a \"b\"\n")
    record.add("rows", 12_345)
    record.add("index", .null)
    record.add("metadata", ["k": [1, 2.5]])
    return record
  }

  @Test("A record for people is aligned and leaves out what is not there")
  func table() throws {
    var record = Record()
    record.add("a", "x")
    record.add("none", .null)
    record.add("long", 7)
    #expect(try record.text(.table) == "a     x\nlong  7\n")
  }

  @Test("A record as JSON parses back to its members, null included")
  func json() throws {
    for format in [OutputFormat.json, .jsonl] {
      let text = try record.text(format)
      let document = try JSONValue(parsing: text.trimmingLineFeed)
      #expect(document == .object(record.fields))
    }
    #expect(try record.text(.jsonl).split(separator: "\n").count == 1)
  }

  @Test("A record as CSV is a line a field")
  func csv() throws {
    var record = Record()
    record.add("a", "x,y")
    record.add("b", .null)
    #expect(try record.text(.csv) == "field,value\na,\"x,y\"\nb,\n")
  }

  @Test("A report as JSON is one object with a member a section")
  func reportAsJSON() throws {
    var report = Report()
    report.add("ref", record)
    report.add("rows", try DataFrame([("n", .int64s([1, nil])), ("s", .strings(["x\ny", "z"]))]))
    let expected: JSONValue = [
      "ref": .object(record.fields), "rows": [["n": 1, "s": "x\ny"], ["n": nil, "s": "z"]],
    ]
    for format in [OutputFormat.json, .jsonl] {
      #expect(try JSONValue(parsing: report.text(format, width: nil).trimmingLineFeed) == expected)
    }
    #expect(try report.text(.jsonl, width: nil).split(separator: "\n").count == 1)
  }

  @Test("A report for people has a title a section")
  func reportAsTable() throws {
    var record = Record()
    record.add("a", 1)
    var report = Report()
    report.add("one", record)
    report.add("two", try DataFrame([("n", .int64s([5]))]))
    #expect(try report.text(.table, width: 80) == "one\n  a  1\n\ntwo\n  n\n  -\n  5\n")
  }
}

extension String {
  fileprivate var trimmingLineFeed: String { hasSuffix("\n") ? String(dropLast()) : self }
}
