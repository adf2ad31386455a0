import SternaBase
import TestSupport
import Testing

@Suite struct JSONValueTests {
  @Test func everyKindOfValueComesBackEqual() throws {
    let value: JSONValue = [
      "null": nil, "yes": true, "no": false, "zero": 0, "least": .int64(.min), "most": .int64(.max),
      "one": 1.0, "tiny": .double(.leastNonzeroMagnitude), "huge": 1.7976931348623157e308,
      "minus zero": .double(-0.0),
      "text": "a\"b\\c/d\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}é\u{1F426}", "": [],
      "nested": [[], [:], [["a": [1]]]],
    ]
    let again = try JSONValue(parsing: value.serialized())
    #expect(again == value)
    #expect(again["minus zero"]?.doubleValue?.sign == .minus)
    #expect(try again.serialized() == value.serialized())
  }

  @Test func membersKeepTheirOrder() throws {
    let text = #"{"b":1,"a":2,"c":{"z":0,"y":0}}"#
    #expect(try JSONValue(parsing: text).serialized() == text)
  }

  @Test func namesThatOnlyLookAlikeAreTwoNames() throws {
    let value = try JSONValue(parsing: "{\"\u{e9}\":1,\"e\u{301}\":2}")
    #expect(value["\u{e9}"] == 1)
    #expect(value["e\u{301}"] == 2)
    #expect(value["e"] == nil)
  }

  @Test(
    arguments: [
      ("0", JSONValue.int64(0)), ("-0", .double(-0.0)), ("-1", -1), ("1.0", 1.0), ("1e2", 100.0),
      ("1E-2", 0.01),
      ("9223372036854775807", .int64(.max)), ("9223372036854775808", 9_223_372_036_854_775_808.0),
      (" \t\r\n[ 1 , 2 ] ", [1, 2]), (#""A\ud83d\udc26\/""#, "A\u{1F426}/"),
      ("{ \"a\" : null }", ["a": nil]),
    ] as [(String, JSONValue)])
  func acceptsWhatTheStandardAllows(text: String, value: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == value)
  }

  @Test(arguments: [
    "", " ", "nul", "nulll", "tru", "True", "NaN", "Infinity", "+1", "01", "-", "-a", "1.", ".5", "1e",
    "1e+", "0x1",
    "1e400", "-1e400", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{", "}", "{\"a\"", "{\"a\":",
    "{\"a\":1",
    "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{1:1}", "{\"a\" 1}", "{\"a\":1,\"a\":2}", "\"", "\"\\", "\"\\x\"",
    "\"\\u12\"",
    "\"\\u12g4\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\n\"", "\"\\ud800\\u0041\"", "\"\n\"",
    "\"\u{1}\"", "1 2",
    "// c\n1", "'a'", "\u{feff}1",
  ])
  func refusesWhatTheStandardForbids(text: String) {
    #expect(throws: SternaError.self) { try JSONValue(parsing: text) }
  }

  @Test func refusesTextThatIsNotUTF8() {
    for bytes: [UInt8] in [
      [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xFF],
    ] {
      #expect(throws: SternaError.self) { try JSONValue(parsing: Bytes(bytes)) }
    }
  }

  @Test func nestingHasALimitForReadingAndWriting() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    var value = try JSONValue(parsing: nested(JSONValue.depthMax))
    #expect(try value.serialized() == nested(JSONValue.depthMax))
    #expect(throws: SternaError.self) { try JSONValue(parsing: nested(JSONValue.depthMax + 1)) }
    #expect(throws: SternaError.self) {
      try JSONValue(parsing: String(repeating: "{\"a\":", count: 100_000))
    }
    value = .array([value])
    #expect(throws: SternaError.self) { try value.serialized() }
  }

  @Test func whatJSONCannotSayIsNotWritten() {
    for value in [
      JSONValue.double(.nan), .double(.infinity), ["a": .double(-.infinity)], ["a": 1, "a": 2],
    ] {
      #expect(throws: SternaError.self) { try value.serialized() }
    }
  }

  /// All documents of up to four bytes over the characters that drive the grammar: none traps, and whatever
  /// is accepted is written and read back equal.
  @Test func allShortDocumentsAreReadBackOrRefused() throws {
    let alphabet = Array("{}[]:,\"\\-0e.1 u".utf8)
    var accepted = 0
    func visit(_ prefix: [UInt8], _ length: Int) throws {
      if let value = try? JSONValue(parsing: Bytes(prefix)) {
        accepted += 1
        #expect(try JSONValue(parsing: value.serialized()) == value)
      }
      guard prefix.count < length else { return }
      for byte in alphabet { try visit(prefix + [byte], length) }
    }
    try visit([], 4)
    #expect(accepted > 100)
  }

  @Test func mutatedDocumentsNeverTrap() throws {
    var generator = SeededGenerator.fresh()
    let original = Array(
      #"{"a":[1,-2.5e3,"x\u00e9\ud83d\udc26\n",{"b":null,"c":[true,false]}],"é":"\\"}"#.utf8)
    var accepted = 0
    for _ in 0..<20_000 {
      let bytes = generator.mutate(original)
      guard let value = try? JSONValue(parsing: Bytes(bytes)) else { continue }
      accepted += 1
      #expect(try JSONValue(parsing: value.serialized()) == value, "\(generator) \(bytes)")
    }
    #expect(accepted > 0, "\(generator)")
  }
}
