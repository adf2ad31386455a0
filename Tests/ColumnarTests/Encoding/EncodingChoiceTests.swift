import SternaBase
import Testing

@testable import Columnar

@Suite struct EncodingChoiceTests {
  private func encodings(_ node: EncodedNode) -> Set<Encoding> {
    node.children.reduce([node.encoding]) { $0.union(encodings($1)) }
  }

  @Test func theSamplesReachEveryEncoding() throws {
    var seen: Set<Encoding> = []
    for type in SampleColumns.types {
      for shape in SampleColumns.Shape.allCases {
        let column = SampleColumns.make(type, shape, .some, count: 3_073, seed: 7)
        seen.formUnion(encodings(try ColumnEncoder(options: .standard).encode(column).node))
      }
    }
    #expect(Set(Encoding.allCases).subtracting(seen) == [])
  }

  private func choice(_ column: Column) throws -> String {
    try ColumnEncoder(options: .standard).encode(column).node.description
  }

  @Test func eachKindOfDataGetsTheEncodingMadeForIt() throws {
    var random = SeededGenerator(seed: 1)
    let rows = 0..<10_000
    #expect(try choice(.int64s(rows.map { _ in 7 })) == "constant")
    #expect(try choice(.int64s(rows.map { _ in Int64(random.next() % 500) })) == "for")
    var time: Int64 = 1_381_118_400_000
    let milliseconds = rows.map { _ in
      time += Int64(random.next() % 50)
      return time
    }
    #expect(try choice(.timestamps(milliseconds, unit: .millisecond)) == "delta")
    #expect(
      try choice(.timestamps(milliseconds.map { $0 * 1_000_000 }, unit: .nanosecond)) == "scaled(delta)")
    let far: [Int64] = [20_002_000, 2_000, 0, 1 << 60]
    #expect(try choice(.int64s(rows.map { _ in far[Int(random.next() % 4)] })) == "lookup(for, for)")
    #expect(
      try choice(.float64s(rows.map { _ in Double(16_741 + random.next() % 200) / 100 }))
        == "decimal(for, plain, plain)")
    #expect(try choice(.float64s(rows.map { _ in Double(random.next()) * 0x1p-64 })) == "plain")
    #expect(
      try choice(.strings(rows.map { _ in ["P", "Q", "Z"][Int(random.next() % 3)] }))
        == "dictionary(for, variable(constant, plain))")
    #expect(try choice(.bools(rows.map { _ in false })) == "constant")
  }

  @Test func nullsCostNextToNothing() throws {
    let dense = Column.int64s((0..<8_192).map { Int64($0 * $0 % 1_000) })
    let sparse = Column.int64s((0..<8_192).map { $0 < 4_096 ? Int64($0 * $0 % 1_000) : nil })
    let encoder = ColumnEncoder(options: .standard)
    #expect(try encoder.encode(sparse).bytes.count < encoder.encode(dense).bytes.count * 6 / 10)
  }
}
