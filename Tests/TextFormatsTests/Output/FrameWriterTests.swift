import Columnar
import SternaBase
import Testing

@testable import TextFormats

@Suite struct FrameWriterTests {
  private func frame() throws -> DataFrame {
    try DataFrame([
      ("t", .timestamps([0, 1_500, nil], unit: .millisecond, zone: "UTC")),
      ("x", .float64s([0.1, .nan, nil])),
      ("s", .strings(["a\"b\\", "\u{1}\n\u{7F}é", nil])), ("n", .int64s([1, nil, -2])),
      ("b", .bools([true, false, nil])),
      ("raw", .binaries([[1, 255], [], nil])), ("for", .durations([1, nil, 0], unit: .second)),
    ])
  }

  private func text(of frame: DataFrame, by writer: some FrameWriter) -> String {
    String(decoding: type(of: writer).text(of: frame, by: writer), as: UTF8.self)
  }

  @Test func csvQuotesWhatNeedsItAndTellsNullFromEmpty() throws {
    let frame = try DataFrame([
      ("a,b", .strings(["x", "", nil, "1,2", "say \"hi\"", "\r"])),
      ("n", .float64s([1, 2.5, nil, 1e300, .nan, -.infinity])),
    ])
    #expect(
      text(of: frame, by: CSVWriter(schema: frame.schema)) == """
        "a,b",n
        x,1.0
        "",2.5
        ,
        "1,2",1e+300
        "say ""hi""\",NaN
        "\r",-inf

        """)
  }

  @Test func csvHasItsHeaderOnceHoweverManyFrames() throws {
    let frame = try DataFrame([("n", .int64s([1, 2] as [Int64]))])
    var writer = CSVWriter(schema: frame.schema)
    var output: [UInt8] = []
    writer.write(frame, into: &output)
    writer.write(frame.slice(0..<1), into: &output)
    writer.finish(into: &output)
    #expect(String(decoding: output, as: UTF8.self) == "n\n1\n2\n1\n")
    #expect(text(of: frame.slice(0..<0), by: CSVWriter(schema: frame.schema)) == "n\n")
    #expect(text(of: frame, by: CSVWriter(schema: frame.schema, header: false)) == "1\n2\n")
  }

  @Test func jsonHasTextsEscapedTimesAsTextAndNoNaN() throws {
    let frame = try frame()
    let first = """
      {"t":"1970-01-01T00:00:00.000Z","x":0.1,"s":"a\\"b\\\\","n":1,"b":true,"raw":"01ff","for":"PT1S"}
      """
    let second = """
      {"t":"1970-01-01T00:00:01.500Z","x":null,"s":"\\u0001\\n\\u007fé",\
      "n":null,"b":false,"raw":"","for":null}
      """
    let third = #"{"t":null,"x":null,"s":null,"n":-2,"b":null,"raw":null,"for":"PT0S"}"#
    #expect(text(of: frame, by: JSONLinesWriter(schema: frame.schema)) == "\(first)\n\(second)\n\(third)\n")
    #expect(
      text(of: frame, by: JSONWriter(schema: frame.schema)) == "[\n\(first),\n\(second),\n\(third)\n]\n")
  }

  @Test func jsonOfNoRowsIsStillJSON() throws {
    let frame = try frame().slice(0..<0)
    #expect(text(of: frame, by: JSONWriter(schema: frame.schema)) == "[]\n")
    #expect(text(of: frame, by: JSONLinesWriter(schema: frame.schema)) == "")
  }

  @Test func jsonGoesOnFromFrameToFrame() throws {
    let frame = try DataFrame([("n", .int64s([1, 2] as [Int64]))])
    var writer = JSONWriter(schema: frame.schema)
    var output: [UInt8] = []
    for row in [0..<1, 1..<1, 1..<2] { writer.write(frame.slice(row), into: &output) }
    writer.finish(into: &output)
    #expect(String(decoding: output, as: UTF8.self) == "[\n{\"n\":1},\n{\"n\":2}\n]\n")
  }
}
