import SternaBase
import Testing

@testable import TextFormats

@Suite struct CSVTokenizerTests {
  /// A field and whether it was quoted.
  struct Field: Equatable, CustomStringConvertible {
    var text: String
    var isQuoted: Bool
    var description: String { isQuoted ? "\"\(text)\"" : text }
  }

  private func rows(_ bytes: [UInt8], columnCount: Int? = nil, cutAt cut: Int? = nil) throws -> [[Field]] {
    var tokenizer = CSVTokenizer(dialect: CSVDialect(), columnCount: columnCount)
    var result: [[Field]] = []
    var start = 0
    for end in [cut, bytes.count].compactMap({ $0 }) {
      var found = CSVRows(columnCount: 0)
      let window = Array(bytes[start..<end])
      let consumed = try window.withUnsafeBytes {
        try tokenizer.scan($0, isFinal: end == bytes.count, rowLimit: .max, into: &found)
      }
      start += consumed
      let count = tokenizer.columnCount ?? 0
      #expect(found.spans.count == found.count * count)
      result += window.withUnsafeBytes { text in
        (0..<found.count).map { row in
          found.spans[(row * count)..<((row + 1) * count)].map {
            Field(text: String(decoding: $0.value(in: text), as: UTF8.self), isQuoted: $0.isQuoted)
          }
        }
      }
    }
    return result
  }

  private func texts(_ text: String) throws -> [[String]] {
    try rows(Array(text.utf8)).map { $0.map(\.text) }
  }

  @Test func fieldsAreWhatLiesBetweenDelimiters() throws {
    #expect(try texts("a,b,c\n1,2,3\n") == [["a", "b", "c"], ["1", "2", "3"]])
    #expect(try texts("a,b\n,\n1,\n") == [["a", "b"], ["", ""], ["1", ""]])
    #expect(try texts("a,b\r\n1,2\r\n3,4") == [["a", "b"], ["1", "2"], ["3", "4"]])
    #expect(try texts("a,b\n1,") == [["a", "b"], ["1", ""]])
  }

  @Test func quotesHoldDelimitersLineEndsAndDoubledQuotes() throws {
    #expect(try texts("a,b\n\"x,y\",\"1\n2\"\n") == [["a", "b"], ["x,y", "1\n2"]])
    #expect(try texts("\"a \"\"b\"\"\",\"\"\r\n\"\"\"\",\"c\"") == [["a \"b\"", ""], ["\"", "c"]])
    #expect(try texts("a,b\n5\" pipe,x\"y\"\n") == [["a", "b"], ["5\" pipe", "x\"y\""]])
  }

  @Test func blankLinesAreSkippedUnlessThereIsOneColumn() throws {
    #expect(try texts("\n\r\na,b\n\n1,2\n\n") == [["a", "b"], ["1", "2"]])
    #expect(try texts("a\n1\n\n2\n") == [["a"], ["1"], [""], ["2"]])
  }

  @Test(arguments: [
    ("a,b\n1,2,3\n", "line 2 has 3 fields, the first line has 2"),
    ("a,b\n1,2\n3\n4,5\n", "line 3 has 1 field, the first line has 2"),
    ("a,b\n\"1\n\n\",2\n3\n", "line 5 has 1 field, the first line has 2"),
    ("a,b\n1,2\n3", "line 3 ends the file after 1 field of 2: the file is cut short"),
    ("a,b\n\"x\" y,2\n", "text follows the closing quote of a field on line 2"),
    ("a,b\n\"x\ny\"z,2\n", "text follows the closing quote of a field on line 3"),
    (
      "a,b\n1,\"2\n",
      "a quoted field of the row on line 2 is never closed: the file is cut short or has a stray quote"
    ),
    (
      "a,b\n1,\"2\"\"",
      "a quoted field of the row on line 2 is never closed: the file is cut short or has a stray quote"
    ),
  ])
  func malformedTextNamesItsLine(text: String, message: String) {
    let error = #expect(throws: SternaError.self) { try texts(text) }
    #expect(error?.code == .corrupt)
    #expect(error?.message == message)
  }

  @Test func everyCutOfTheTextGivesTheSameRows() throws {
    let text = Array("a,bb,c\r\n\"x,\"\"y\"\"\",\"\n\",\n1,22222222222,\"\"\r\n,,\n\"é\",\"\r\n\",z".utf8)
    let whole = try rows(text)
    #expect(whole.count == 5)
    for cut in 0...text.count { #expect(try rows(text, cutAt: cut) == whole, "cut at \(cut)") }
  }

  @Test func aRowLimitStopsBetweenRows() throws {
    var tokenizer = CSVTokenizer(dialect: CSVDialect())
    var found = CSVRows(columnCount: 0)
    let consumed = try Array("a,b\n1,2\n3,4\n".utf8).withUnsafeBytes {
      try tokenizer.scan($0, isFinal: true, rowLimit: 2, into: &found)
    }
    #expect(consumed == 8)
    #expect(found.lines == [1, 2])
    #expect(tokenizer.line == 3)
  }

  /// Every text of up to 6 characters of those that matter, against a reader of one character at a time.
  @Test func allShortTextsReadAsTheGrammarSays() throws {
    let alphabet = Array(",\"\n\rx".utf8)
    var mismatches: [String] = []
    for length in 0...6 {
      var digits = [Int](repeating: 0, count: length)
      repeat {
        let text = digits.map { alphabet[$0] }
        let expected = ReferenceCSV.rows(of: text, columnCount: 2)
        let actual = try? rows(text, columnCount: 2)
        if actual != expected { mismatches.append(String(decoding: text, as: UTF8.self).debugDescription) }
      } while advance(&digits, below: alphabet.count)
    }
    #expect(mismatches.isEmpty, "\(mismatches.prefix(5))")
  }

  private func advance(_ digits: inout [Int], below base: Int) -> Bool {
    for index in digits.indices {
      digits[index] += 1
      if digits[index] < base { return true }
      digits[index] = 0
    }
    return false
  }
}

/// RFC 4180 a character at a time, slow and obvious. Nil for malformed text.
enum ReferenceCSV {
  static func rows(of text: [UInt8], columnCount: Int) -> [[CSVTokenizerTests.Field]]? {
    var rows: [[CSVTokenizerTests.Field]] = []
    var rest = text[...]
    while !rest.isEmpty {
      var row: [CSVTokenizerTests.Field] = []
      repeat {
        guard let field = takeField(&rest) else { return nil }
        row.append(field)
      } while take(",", &rest)
      _ = take("\n", &rest)
      if row == [.init(text: "", isQuoted: false)], columnCount > 1 { continue }
      guard row.count == columnCount else { return nil }
      rows.append(row)
    }
    return rows
  }

  private static func takeField(_ rest: inout ArraySlice<UInt8>) -> CSVTokenizerTests.Field? {
    var bytes: [UInt8] = []
    guard take("\"", &rest) else {
      while let byte = rest.first, byte != UInt8(ascii: ","), byte != UInt8(ascii: "\n") {
        bytes.append(rest.removeFirst())
      }
      if rest.first != UInt8(ascii: ","), bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
      return .init(text: String(decoding: bytes, as: UTF8.self), isQuoted: false)
    }
    while true {
      guard let byte = rest.popFirst() else { return nil }
      if byte != UInt8(ascii: "\"") {
        bytes.append(byte)
      } else if take("\"", &rest) {
        bytes.append(byte)
      } else {
        break
      }
    }
    let hasReturn = take("\r", &rest)
    let ends =
      rest.isEmpty || rest.first == UInt8(ascii: "\n") || (!hasReturn && rest.first == UInt8(ascii: ","))
    return ends ? .init(text: String(decoding: bytes, as: UTF8.self), isQuoted: true) : nil
  }

  private static func take(_ character: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }
}
