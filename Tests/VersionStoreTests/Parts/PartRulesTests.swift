import Columnar
import SternaBase
import Testing

@testable import VersionStore

/// The rules by which rows stay in their segments: of 16 rows at least here, slices of 128 to 512 rows.
@Suite struct PartRulesTests {
  private let rules = PartRules(SliceShape(rowCountTarget: 256))

  private func slice(_ number: Int, _ rows: Range<Int>, of segmentRowCount: Int) -> SliceEntry {
    let digest = SHA256Digest(hashing: Bytes(utf8: "\(number)"))
    let segment = BlockPointer(kind: .segment, epoch: 0, digest: digest, byteCount: 1_000)
    return SliceEntry(keys: nil, segmentRows: rows, of: segmentRowCount, segments: [segment])
  }

  private func whole(_ number: Int, _ rowCount: Int) -> RowStretch {
    RowStretch(slice(number, 0..<rowCount, of: rowCount))
  }

  /// The positions of what is encoded.
  private func encoded(_ run: [RowStretch], cutting cut: [SliceEntry] = []) -> [Int] {
    var run = run
    rules.apply(to: &run, cutting: Set(cut.map(\.segments)))
    return run.indices.filter { run[$0].isEncoded }
  }

  @Test func aRowInTheMiddleIsAllThatIsEncoded() {
    let old = slice(1, 0..<300, of: 300)
    let run = [
      whole(0, 300), RowStretch(of: old, rows: 0..<150), RowStretch(new: 0..<1),
      RowStretch(of: old, rows: 151..<300), whole(2, 300),
    ]
    #expect(encoded(run, cutting: [old]) == [2])
  }

  @Test func shortEndsAreEncodedWithTheNewRows() {
    let old = slice(1, 0..<300, of: 300)
    func run(_ row: Int) -> [RowStretch] {
      [
        whole(0, 300), RowStretch(of: old, rows: 0..<row), RowStretch(new: 0..<1),
        RowStretch(of: old, rows: (row + 1)..<300),
      ]
    }
    #expect(encoded(run(16), cutting: [old]) == [2])
    #expect(encoded(run(15), cutting: [old]) == [1, 2])
    #expect(encoded(run(283), cutting: [old]) == [2])
    #expect(encoded(run(284), cutting: [old]) == [2, 3])
  }

  @Test func sliversBesideNewRowsAreEncodedWithThem() {
    let run = [whole(0, 300), whole(1, 3), whole(2, 15), RowStretch(new: 0..<1), whole(3, 16)]
    #expect(encoded(run) == [1, 2, 3])
    #expect(encoded([whole(0, 300), whole(1, 3), whole(2, 300), RowStretch(new: 0..<1)]) == [3])
  }

  @Test func aSegmentOfWhichLessThanHalfIsLeftIsGivenUp() {
    let old = slice(1, 0..<300, of: 300)
    #expect(encoded([whole(0, 300), RowStretch(of: old, rows: 0..<150)], cutting: [old]) == [])
    #expect(encoded([whole(0, 300), RowStretch(of: old, rows: 0..<149)], cutting: [old]) == [1])
    let both = [RowStretch(of: old, rows: 0..<100), whole(2, 20), RowStretch(of: old, rows: 250..<300)]
    #expect(encoded(both, cutting: [old]) == [])
    // A part that the edit has nothing to do with stays as it is.
    let other = slice(3, 100..<120, of: 300)
    #expect(encoded([RowStretch(other), whole(0, 300)], cutting: [old]) == [])
    #expect(encoded([RowStretch(other), whole(0, 300)], cutting: [other]) == [0])
  }

  @Test func crowdsOfFragmentsAreEncodedAgain() {
    func run(_ fragmentCount: Int) -> [RowStretch] {
      [whole(0, 300)] + (0..<(fragmentCount - 1)).map { whole(10 + $0, 20) } + [RowStretch(new: 0..<1)]
        + [whole(1, 300)]
    }
    let most = PartRules.fragmentCountMax
    #expect(encoded(run(most)) == [most])
    #expect(encoded(run(most + 1)) == Array(1...(most + 1)))
    // A crowd without an edit is left alone.
    #expect(encoded((0..<20).map { whole($0, 20) }) == [])
  }
}

@Suite struct RowMatchTests {
  private func frame(_ numbers: [Int64]) throws -> DataFrame {
    try DataFrame([
      ("number", .int64s(numbers)),
      ("double", .float64s(numbers.map { $0 == 7 ? nil : $0 == 8 ? -0.0 : $0 == 9 ? 0 : Double($0) })),
      ("text", .strings(numbers.map { $0 % 3 == 0 ? nil : "\($0)" })),
      ("flag", .bools(numbers.map { $0 % 2 == 0 })),
    ])
  }

  private func match(_ left: [Int64], _ right: [Int64]) throws -> [Int] {
    let match = RowMatch(try frame(left), try frame(right))
    return [match.prefixCount, match.suffixCount]
  }

  @Test func commonEndsAreFoundExactly() throws {
    #expect(try match([], []) == [0, 0])
    #expect(try match([1, 2, 3], [1, 2, 3]) == [3, 0])
    #expect(try match([1, 2, 3], [1, 3]) == [1, 1])
    #expect(try match([1, 1], [1, 1, 1]) == [2, 0])
    #expect(try match([4, 5], [5, 4]) == [0, 0])
    // Zeros of two signs are not the same.
    let (left, right) = (
      try DataFrame([("d", .float64s([0.0, 1, 2]))]), try DataFrame([("d", .float64s([-0.0, 1, 2]))])
    )
    #expect(RowMatch(left, right).prefixCount == 0 && RowMatch(left, right).suffixCount == 2)
    for length in [4_095, 4_096, 4_097, 9_000] {
      let numbers = (0..<length).map { Int64($0) }
      for place in [0, 1, length / 2, length - 1] {
        #expect(
          try match(numbers, numbers[..<place] + [-1] + numbers[place...]) == [place, length - place])
      }
    }
  }
}
