import SternaBase
import TestSupport
import Testing

@testable import Columnar

@Suite struct ColumnStatisticsTests {
  private func bounds(_ column: Column) -> [Value?] {
    let statistics = ColumnStatistics(of: column)
    return [statistics.minimum, statistics.maximum]
  }

  @Test func boundsIgnoreNullsAndNaN() {
    #expect(bounds(.int64s([nil, 3, -7, nil])) == [.integer(-7), .integer(3)])
    #expect(bounds(.uint64s([.max, nil, 1])) == [.unsigned(1), .unsigned(.max)])
    #expect(bounds(.float64s([.nan, 2, nil, -1])) == [.float64(-1), .float64(2)])
    #expect(bounds(.float64s([.nan])) == [nil, nil])
    #expect(bounds(.int64s([nil, nil])) == [nil, nil])
    #expect(bounds(.int64s([Int64]())) == [nil, nil])
    #expect(bounds(.bools([true, nil, true])) == [.bool(true), .bool(true)])
    #expect(bounds(.bools([true, false])) == [.bool(false), .bool(true)])
    #expect(bounds(.dates([5, nil])) == [.date(5), .date(5)])
    #expect(bounds(.dictionary(["b", nil, "a"]).slice(0..<2)) == [.text("b"), .text("b")])
  }

  /// Else the bounds would depend on which zero a search meets first: with a validity bitmap it goes row by
  /// row, without one several rows at once, and verification would find other bounds than were written.
  @Test func zerosAmongTheBoundsHaveTheSignOfTheirSide() {
    let zeros = [0, -0.0, 0, -0.0, -0.0, 0, 0, -0.0, 0, -0.0, 0]
    for turn in zeros.indices {
      let turned = Array(zeros[turn...] + zeros[..<turn])
      let expected: [Value?] = [.float64(-0.0), .float64(0)]
      #expect(bounds(.float64s(turned)) == expected)
      #expect(bounds(.float64s(turned + [nil])) == expected)
      #expect(bounds(.float32s(turned.map { Float($0) })) == [.float32(-0.0), .float32(0)])
    }
    #expect(bounds(.float64s([0, 1])) == [.float64(-0.0), .float64(1)])
    #expect(bounds(.float64s([-1, -0.0])) == [.float64(-1), .float64(0)])
  }

  @Test func boundsWithTheOtherZeroAreReadAsTheSame() throws {
    var writer = ByteWriter()
    writer.writeCount(0)
    writer.write(UInt8(3))
    writer.write((0.0).bitPattern)
    writer.write((-0.0).bitPattern)
    var reader = ByteReader(Bytes(writer.bytes), subject: "statistics")
    let read = try ColumnStatistics(reading: &reader, type: .float64, rowCount: 2)
    #expect(read == ColumnStatistics(of: .float64s([-0.0, 0])))
  }

  @Test func longTextsAreBoundedByShortOnes() {
    let long = "abcdefghijklmnopqrstuvwxyz"
    #expect(bounds(.strings([long])) == [.text("abcdefghijklmnop"), .text("abcdefghijklmnoq")])
    let accents = String(repeating: "é", count: 20)
    #expect(bounds(.strings(["a" + accents])) == [.text("a" + String(accents.prefix(7))), .text("b")])
    #expect(bounds(.strings([accents])) == [.text(String(accents.prefix(8))), nil])
    let bytes = [UInt8](repeating: 0xFF, count: 17)
    #expect(bounds(.binaries([bytes])) == [.binary(Bytes(bytes[..<16])), nil])
    #expect(bounds(.binaries([[1] + bytes]))[1] == .binary([2]))
  }

  @Test(arguments: UInt64(0)..<40)
  func noTextLiesOutsideOfItsBounds(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let alphabet = ["a", "z", "\u{7F}", "é", "雪", "\u{10FFFF}", "\u{0}"]
    let texts = (0..<20).map { _ in
      (0..<Int.random(in: 0...24, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "" }
        .joined()
    }
    let statistics = ColumnStatistics(of: .strings(texts))
    for text in texts {
      if case .text(let minimum) = statistics.minimum {
        #expect(!text.utf8.lexicographicallyPrecedes(minimum.utf8), "seed \(seed)")
      }
      if case .text(let maximum) = statistics.maximum {
        #expect(!maximum.utf8.lexicographicallyPrecedes(text.utf8), "seed \(seed)")
      }
    }
  }
}
