import Testing

@testable import SternaCLI

@Suite struct QuantityTests {
  @Test("Thousands stand apart")
  func grouped() {
    #expect(Quantity.grouped(0) == "0")
    #expect(Quantity.grouped(999) == "999")
    #expect(Quantity.grouped(1_000) == "1,000")
    #expect(Quantity.grouped(1_002_003) == "1,002,003")
    #expect(Quantity.grouped(-250_601) == "-250,601")
    #expect(Quantity.grouped(.min) == "-9,223,372,036,854,775,808")
    #expect(Quantity.rows(1) == "1 row")
    #expect(Quantity.rows(2_000) == "2,000 rows")
  }

  @Test("Sizes have three digits and a unit")
  func bytes() {
    #expect(Quantity.bytes(0) == "0 B")
    #expect(Quantity.bytes(999) == "999 B")
    #expect(Quantity.bytes(1_000) == "1.00 kB")
    #expect(Quantity.bytes(17_900_000) == "17.9 MB")
    #expect(Quantity.bytes(999_499) == "999 kB")
    #expect(Quantity.bytes(999_500) == "1.00 MB")
    #expect(Quantity.bytes(5_000_000_000_000_000) == "5000 TB")
    #expect(Quantity.bytes(-1_500) == "-1.50 kB")
  }

  @Test("Shares are percentages, and nothing has none")
  func percent() {
    #expect(Quantity.percent(12, of: 100) == "12 %")
    #expect(Quantity.percent(1, of: 30) == "3.3 %")
    #expect(Quantity.percent(691, of: 100) == "691 %")
    #expect(Quantity.percent(1, of: 0) == nil)
  }

  @Test("Decimals are rounded, with the zeros behind the point")
  func decimals() {
    #expect(Quantity.decimal(1.005, digitCount: 1) == "1.0")
    #expect(Quantity.decimal(2.04, digitCount: 2) == "2.04")
    #expect(Quantity.decimal(-0.04, digitCount: 1) == "0.0")
    #expect(Quantity.decimal(-1.25, digitCount: 0) == "-1")
    #expect(Quantity.decimal(.infinity, digitCount: 1) == "inf")
  }
}
