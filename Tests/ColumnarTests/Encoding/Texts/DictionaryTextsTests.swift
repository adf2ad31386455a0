import SternaBase
import TestSupport
import Testing

@testable import Columnar

/// Texts of codes, written between bytes that nobody may touch.
@Suite struct DictionaryTextsTests {
  @Test(arguments: [0, 1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 200])
  func textsOfAnyLengthAreWrittenWhereTheyBelong(longest: Int) throws {
    var random = SeededGenerator(seed: UInt64(longest))
    let distinct = (0..<7).map { number in
      String(repeating: Character(Unicode.Scalar(UInt8(97 + number))), count: number * longest / 6)
    }
    for count in [1, 2, 3, 16, 17, 100, 1_500] {
      let codes = (0..<count).map { _ in Int32(random.next() % 7) }
      let source = try DictionaryTexts(
        codes: codes.withUnsafeBytes { Bytes(copying: $0) }, texts: .strings(distinct))
      let expected = codes.map { distinct[Int($0)] }
      #expect(source.byteCount == expected.reduce(0) { $0 + $1.utf8.count })
      var ends = [Int64](repeating: -1, count: count)
      var bytes = [UInt8](repeating: 0xEE, count: source.byteCount + 200)
      bytes.withUnsafeMutableBytes { bytes in
        ends.withUnsafeMutableBufferPointer { ends in
          let data = UnsafeMutableRawBufferPointer(rebasing: bytes[100..<(100 + source.byteCount)])
          source.write(to: TextTarget(ends: ends, base: 5, data: data))
        }
      }
      #expect(Array(bytes[100..<(100 + source.byteCount)]) == expected.flatMap(\.utf8))
      #expect(bytes[..<100].allSatisfy { $0 == 0xEE } && bytes.suffix(100).allSatisfy { $0 == 0xEE })
      var end: Int64 = 5
      #expect(
        ends
          == expected.map { text in
            end += Int64(text.utf8.count)
            return end
          })
    }
  }
}
