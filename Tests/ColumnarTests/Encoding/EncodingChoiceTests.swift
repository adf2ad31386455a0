import SternaBase
import TestSupport
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

  private func expect(_ column: Column, toBe expected: String) throws {
    let choice = try ColumnEncoder(options: .standard).encode(column).node.description
    #expect(choice == expected)
  }

  @Test func eachKindOfDataGetsTheEncodingMadeForIt() throws {
    var random = SeededGenerator(seed: 1)
    let rows = 0..<10_000
    try expect(.int64s(rows.map { _ in 7 }), toBe: "constant")
    try expect(.int64s(rows.map { _ in Int64(random.next() % 500) }), toBe: "for")
    var time: Int64 = 1_381_118_400_000
    let milliseconds = rows.map { _ in
      time += Int64(random.next() % 50)
      return time
    }
    try expect(.timestamps(milliseconds, unit: .millisecond), toBe: "delta")
    try expect(.timestamps(milliseconds.map { $0 * 1_000_000 }, unit: .nanosecond), toBe: "scaled(delta)")
    let far: [Int64] = [20_002_001, 2_000, 0, 1 << 60]
    try expect(.int64s(rows.map { _ in far[Int(random.next() % 4)] }), toBe: "lookup(for, plain)")
    try expect(
      .float64s(rows.map { _ in Double(16_741 + random.next() % 200) / 100 }),
      toBe: "decimal(for, plain, plain)")
    try expect(.float64s(rows.map { _ in Double(bitPattern: random.next()) }), toBe: "plain")
    try expect(
      .strings(rows.map { _ in ["P", "Q", "Z", "N"][Int(random.next() % 4)] }),
      toBe: "dictionary(for, variable(constant, plain))")
    try expect(.bools(rows.map { _ in false }), toBe: "constant")
  }

  @Test func nullsCostNextToNothing() throws {
    var random = SeededGenerator(seed: 2)
    let numbers = (0..<8_192).map { _ in Int64(random.next() % 1_000) }
    let dense = Column.int64s(numbers)
    let sparse = Column.int64s((0..<8_192).map { $0 < 4_096 ? numbers[$0] : nil })
    let encoder = ColumnEncoder(options: .standard)
    #expect(try encoder.encode(sparse).bytes.count < encoder.encode(dense).bytes.count * 6 / 10)
  }
}
