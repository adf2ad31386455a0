import Columnar
import SternaBase
import Testing

@testable import TextFormats

@Suite struct CSVInferenceTests {
  private func type(_ values: [String]) throws -> DataType? {
    try read("x,y\n" + values.map { "\($0),\n" }.joined()).schema.fields.first?.type
  }

  @Test(arguments: [
    (["1", "-5", ""], DataType.int64), (["9223372036854775807", "-9223372036854775808"], .int64),
    (["1", "2.5"], .float64), (["1e5", "NaN", "-inf"], .float64), (["-0", "1"], .float64),
    (["-0.0"], .float64),
    (["true", "False", "TRUE"], .bool), (["0", "1"], .int64), (["true", "1"], .utf8),
    (["2013-10-07", "1969-01-01"], .date),
    (["2013-10-07", "2013-10-07T04:00:00"], .timestamp(.nanosecond, zone: nil)),
    (["2013-10-07 04:00:00.5"], .timestamp(.nanosecond, zone: nil)),
    (["2013-01-01T10:00:00Z", "2013-01-01T10:00:00+01:00"], .timestamp(.nanosecond, zone: "UTC")),
    (["2013-01-01T10:00:00Z", "2013-01-01T10:00:00"], .utf8), (["0001-01-01T00:00:00"], .utf8),
    ([], .utf8), (["", ""], .utf8), (["x"], .utf8), (["1", "x"], .utf8), (["2013-02-30"], .utf8),
    ([" 1"], .utf8),
    (["007"], .utf8), (["-01"], .utf8), (["00.5"], .utf8), (["+49301234"], .utf8),
    (["0.5", "0"], .float64),
    (["9223372036854775808"], .utf8), (["9007199254740993", "0.5"], .utf8), (["9007199254740993"], .int64),
  ])
  func theNarrowestTypeThatLosesNothingIsChosen(values: [String], expected: DataType) throws {
    #expect(try type(values) == expected)
  }

  @Test func typesGivenByNameAreNotInferred() throws {
    let frame = try read("a,b,c,d\n007,1,1381118400464,00ff\n") {
      $0.types = ["a": .int8, "b": .utf8, "c": .timestamp(.millisecond, zone: nil), "d": .binary]
    }
    #expect(frame["a"] == .int8s([7]))
    #expect(frame["b"] == .strings(["1"]))
    #expect(frame["c"] == .timestamps([1_381_118_400_464] as [Int64], unit: .millisecond))
    #expect(frame["d"] == .binaries([[0, 255]]))
    let error = failure(reading: "a,b\n1,2\n") { $0.types = ["z": .utf8] }
    #expect(error?.message == "the file has no column 'z'")
    #expect(error?.advice == "Choose among 'a', 'b'.")
  }

  @Test(arguments: [
    ("1.5", "--type x=float64"), ("abc", "--type x=utf8"), ("007x", "--type x=utf8"),
    ("9223372036854775808", "--type x=utf8"),
  ])
  func aLaterValueThatDoesNotFitNamesItsLineAndTheWayOut(value: String, advice: String) {
    let error = failure(reading: "x,y\n1,\n2,\n\(value),\n") { $0.sampleRowLimit = 2 }
    #expect(error?.code == .schemaMismatch)
    #expect(error?.message == "line 4: '\(value)' in column 'x' does not fit its type int64")
    #expect(error?.advice?.contains(advice) == true)
  }

  @Test func aLongValueIsShortenedInTheError() {
    let value = String(repeating: "é", count: 1_000)
    let error = failure(reading: "x\n1\n\(value)\n") { $0.sampleRowLimit = 1 }
    #expect(
      error?.message
        == "line 3: '\(String(repeating: "é", count: 40))…' in column 'x' does not fit its type int64")
  }
}

@Suite struct TimeColumnTests {
  private func times(
    _ values: [String], unit: EpochUnit = .automatic, type: DataType? = nil
  ) throws -> Column? {
    try read("t,y\n" + values.map { "\($0),\n" }.joined()) {
      $0.timeColumn = "t"
      $0.timeUnit = unit
      if let type { $0.types["t"] = type }
    }.index
  }

  private func nanoseconds(_ seconds: [Int64], zone: String? = nil) -> Column {
    .timestamps(seconds.map { $0 * 1_000_000_000 }, unit: .nanosecond, zone: zone)
  }

  @Test func instantsAreNanosecondsInUTCWhenTheyHaveAZone() throws {
    #expect(try times(["1970-01-01", "1970-01-01T00:00:05"]) == nanoseconds([0, 5]))
    #expect(
      try times(["1970-01-01T00:00:01Z", "1970-01-01T01:00:05+01:00"]) == nanoseconds([1, 5], zone: "UTC"))
  }

  @Test func numbersCountTheUnitThatIsGivenOrTheirSizeTells() throws {
    #expect(try times(["1381118400", "1381118401"]) == nanoseconds([1_381_118_400, 1_381_118_401]))
    #expect(try times(["1381118400000", "1381118401000"]) == nanoseconds([1_381_118_400, 1_381_118_401]))
    #expect(try times(["1381118400000000000"]) == nanoseconds([1_381_118_400]))
    #expect(try times(["1381118400.000"]) == nanoseconds([1_381_118_400]))
    #expect(try times(["0", "5"], unit: .exactly(.second)) == nanoseconds([0, 5]))
    #expect(try times(["1000000", "5000000"], unit: .exactly(.microsecond)) == nanoseconds([1, 5]))
  }

  @Test func aTypeGivenForTheTimeColumnHolds() throws {
    #expect(
      try times(["1000", "5000"], unit: .exactly(.millisecond), type: .timestamp(.second, zone: nil))
        == .timestamps([1, 5] as [Int64], unit: .second))
    #expect(
      try times(["1970-01-01T00:00:05"], type: .timestamp(.millisecond, zone: "UTC"))
        == .timestamps([5_000] as [Int64], unit: .millisecond, zone: "UTC"))
    #expect(try times(["1970-01-02"], type: .date) == .dates([1]))
    #expect(try times(["3", "3", "4"], type: .int64) == .int64s([3, 3, 4] as [Int64]))
  }

  @Test(arguments: [
    (
      ["1970-01-01", "1970-01-01T00:00:00Z"],
      "line 3: '1970-01-01T00:00:00Z' in column 't' does not fit its type timestamp[ns]"
    ),
    (["1970-01-01T00:00:00Z", "5"], "line 3: '5' in column 't' does not fit its type timestamp[ns, UTC]"),
    (["9999999999"], "line 2: '9999999999' in column 't' does not fit its type timestamp[ns]"),
    (["soon"], "line 2: 'soon' in the time column 't' is no instant"),
    (["1", ""], "line 3: column 't', the index, has no value"),
    (
      ["1381118400", "99999999999999"],
      "line 3: '99999999999999' in column 't' does not fit its type timestamp[ns]"
    ),
  ])
  func anInstantThatDoesNotFitNamesItsLine(values: [String], message: String) {
    let error = #expect(throws: SternaError.self) { try times(values) }
    #expect(error?.code == .schemaMismatch)
    #expect(error?.message == message)
  }

  @Test(arguments: [1, 2, 3, 100])
  func anUnsortedTimeColumnNamesLineAndBothValues(batchRowLimit: Int) {
    let text = "t,y\n1970-01-01T00:00:01,\n1970-01-01T00:00:03,\n\n1970-01-01T00:00:02,\n"
    let error = failure(reading: text) {
      $0.timeColumn = "t"
      $0.batchRowLimit = batchRowLimit
    }
    #expect(error?.code == .unsortedIndex)
    #expect(
      error?.message == """
        line 5: 1970-01-01T00:00:02.000000000 in column 't' is before 1970-01-01T00:00:03.000000000 above it
        """)
    #expect(error?.advice == "Sort the file by 't' first.")
  }

  @Test func aTimeColumnMustExistAndBeAbleToIndex() {
    #expect(failure(reading: "a,b\n1,2\n") { $0.timeColumn = "t" }?.message == "the file has no column 't'")
    let error = failure(reading: "t,b\n1,2\n") {
      $0.timeColumn = "t"
      $0.types["t"] = .float64
    }
    #expect(error?.message == "column 't' of type float64 cannot be the index")
  }
}
