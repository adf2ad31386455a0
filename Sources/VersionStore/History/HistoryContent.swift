import Columnar
import SternaBase

/// The versions that no longer fit in the ref: a tree of version entries, found by number or by time.
package enum HistoryContent: TreeContent {
  package typealias Item = VersionEntry
  package typealias Leaf = [VersionEntry]

  /// What an inner node knows about a run of versions. Times rise with numbers, so both find a version.
  package struct Summary: Hashable, Sendable {
    package var firstNumber: UInt64
    package var lastNumber: UInt64
    package var firstTime: Int64
    package var lastTime: Int64
  }

  package static let blockKind = BlockKind.history
  package static let envelopeKind = Envelope.Kind.historyNode
  /// Versions leave the ref by the dozen, and listing n of them should take n / 100 requests or fewer.
  package static let shape = TreeShape(
    leafCountMax: 256, leafAppendFill: 128, innerCountMax: 256, innerAppendFill: 128)

  package static func summary(of items: [VersionEntry]) -> Summary {
    guard let first = items.first, let last = items.last else { preconditionFailure("empty history leaf") }
    return Summary(
      firstNumber: first.number, lastNumber: last.number, firstTime: first.time, lastTime: last.time)
  }

  package static func summary(merging summaries: [Summary]) -> Summary {
    guard var merged = summaries.first, let last = summaries.last else {
      preconditionFailure("empty history node")
    }
    merged.lastNumber = last.lastNumber
    merged.lastTime = last.lastTime
    return merged
  }

  package static func positions(in summary: Summary) -> Int {
    Int(truncatingIfNeeded: summary.lastNumber &- summary.firstNumber) &+ 1
  }

  package static func positions(in leaf: [VersionEntry]) -> Int { leaf.count }

  package static func canSum(_ summaries: [Summary]) -> Bool {
    summaries.lazy.map { positions(in: $0) }.sum(isAtMost: VersionEntry.countMax)
  }

  package static func write(_ summary: Summary, to writer: inout ByteWriter) {
    writer.writeVarint(summary.firstNumber)
    writer.writeVarint(summary.lastNumber)
    writer.write(summary.firstTime)
    writer.write(summary.lastTime)
  }

  package static func readSummary(from reader: inout ByteReader) throws(SternaError) -> Summary {
    let summary = Summary(
      firstNumber: try reader.readVarint(), lastNumber: try reader.readVarint(),
      firstTime: try reader.read(),
      lastTime: try reader.read())
    guard summary.firstNumber <= summary.lastNumber, summary.lastNumber < UInt64(VersionEntry.countMax)
    else { throw reader.malformed("version range") }
    return summary
  }

  package static func writeLeaf(
    _ items: [VersionEntry], to writer: inout ByteWriter, pending: inout PendingBlocks
  ) {
    VersionEntryCoding.write(items, to: &writer)
  }

  package static func readLeaf(_ reader: inout ByteReader, count: Int) throws(SternaError) -> [VersionEntry]
  {
    let entries = try VersionEntryCoding.read(from: &reader)
    try reader.expectEnd()
    guard entries.count == count else {
      throw reader.malformed("\(entries.count) entries, \(count) announced")
    }
    return entries
  }

  package static func items(of leaf: [VersionEntry], blocks: BlockStore) -> [VersionEntry] { leaf }
}
