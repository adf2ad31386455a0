import Columnar
import Testing

@Suite struct IndexTextTests {
  @Test("Index values are written as the instants, days and numbers that they are")
  func texts() {
    #expect(DataType.timestamp(.millisecond, zone: nil).indexText(-1) == "1969-12-31T23:59:59.999")
    #expect(DataType.timestamp(.second, zone: "UTC").indexText(0) == "1970-01-01T00:00:00Z")
    #expect(DataType.date.indexText(-1) == "1969-12-31")
    #expect(DataType.int64.indexText(.min) == "-9223372036854775808")
  }

  @Test("A day beyond all days, which only a damaged index has, is still text")
  func impossibleDay() {
    #expect(DataType.date.indexText(.max) == "day 9223372036854775807")
  }
}
