import Columnar
import SternaBase

@testable import VersionStore

/// A tree of plain numbers: small enough to enumerate every shape.
enum NumberContent: TreeContent {
  typealias Item = UInt64
  typealias Leaf = [UInt64]
  struct Summary: Hashable, Sendable {
    var count: Int
    var first: UInt64
  }

  static let blockKind = BlockKind.node
  static let envelopeKind = Envelope.Kind.indexNode
  static let shape = TreeShape(leafCountMax: 4, leafAppendFill: 2, innerCountMax: 3, innerAppendFill: 2)

  static func summary(of items: [UInt64]) -> Summary { Summary(count: items.count, first: items[0]) }
  static func summary(merging summaries: [Summary]) -> Summary {
    Summary(count: summaries.reduce(0) { $0 + $1.count }, first: summaries[0].first)
  }
  static func write(_ summary: Summary, to writer: inout ByteWriter) {
    writer.writeCount(summary.count)
    writer.writeVarint(summary.first)
  }
  static func readSummary(from reader: inout ByteReader) throws(SternaError) -> Summary {
    Summary(count: try reader.readCount(atMost: 1 << 40), first: try reader.readVarint())
  }
  static func writeLeaf(_ items: [UInt64], to writer: inout ByteWriter, pending: inout PendingBlocks) {
    // Makes nodes larger than what may stay inline, so that roots become blocks too.
    writer.writeRaw(repeatElement(UInt8(7), count: 1_000))
    for item in items { writer.writeVarint(item) }
  }
  static func readLeaf(_ reader: inout ByteReader, count: Int) throws(SternaError) -> [UInt64] {
    _ = try reader.readRaw(1_000)
    var items: [UInt64] = []
    for _ in 0..<count { items.append(try reader.readVarint()) }
    return items
  }
  static func items(of leaf: [UInt64], blocks: BlockStore) -> [UInt64] { leaf }
  static func positions(in summary: Summary) -> Int { summary.count }
  static func positions(in leaf: [UInt64]) -> Int { leaf.count }
  static func canSum(_ summaries: [Summary]) -> Bool { true }
}
