import Columnar
import SternaBase

/// The index of a symbol: a tree of row slices, found by index value or by row number.
///
///     leaf     group count, one detail pointer per group, has-keys flag,
///              per slice: [keys] rows, one segment pointer per group
///     detail   group, per slice: the chunk descriptors of that group's segment
///     inner    per child: pointer, [keys] rows, slices, bytes
///
/// The details of a leaf's segments (where each column chunk lies, its statistics and checksum) sit in
/// companion nodes, one per column group, which are read only when a projection or predicate needs them.
package enum IndexContent: TreeContent {
  package typealias Item = SliceRecord
  package typealias Summary = SliceSummary

  package struct Leaf: Sendable {
    package var slices: [SliceEntry]
    /// One per column group.
    package var details: [BlockPointer]
  }

  package static let blockKind = BlockKind.node
  package static let envelopeKind = Envelope.Kind.indexNode
  /// Leaves of 8 to 32 slices: an append rewrites at most 7 entries, a scan reads one node per 8 segments
  /// or more.
  package static let shape = TreeShape(
    leafCountMax: 32, leafAppendFill: 8, innerCountMax: 32, innerAppendFill: 16)

  /// Columns up to 100,000 in groups of at least one.
  static let groupCountMax = 100_000
  /// Rows of a symbol: 2^50 keep every sum of row counts far from overflow.
  static let rowCountMax = 1 << 50
  /// Bytes of a symbol: 1 EiB.
  static let byteCountMax = 1 << 60

  package static func summary(of items: [SliceRecord]) -> SliceSummary {
    SliceSummary(
      keys: joined(items.first?.entry.keys, items.last?.entry.keys),
      rowCount: items.reduce(0) { $0 + $1.entry.rowCount }, sliceCount: items.count,
      byteCount: items.reduce(0) { $0 + $1.entry.byteCount })
  }

  package static func summary(merging summaries: [SliceSummary]) -> SliceSummary {
    SliceSummary(
      keys: joined(summaries.first?.keys, summaries.last?.keys),
      rowCount: summaries.reduce(0) { $0 + $1.rowCount },
      sliceCount: summaries.reduce(0) { $0 + $1.sliceCount },
      byteCount: summaries.reduce(0) { $0 + $1.byteCount })
  }

  private static func joined(_ first: KeyRange?, _ last: KeyRange?) -> KeyRange? {
    guard let first, let last else { return nil }
    return KeyRange(first: first.first, last: last.last)
  }

  package static func positions(in summary: SliceSummary) -> Int { summary.rowCount }

  package static func positions(in leaf: Leaf) -> Int { leaf.slices.reduce(0) { $0 + $1.rowCount } }

  package static func canSum(_ summaries: [SliceSummary]) -> Bool {
    summaries.lazy.map(\.rowCount).sum(isAtMost: rowCountMax)
      && summaries.lazy.map(\.sliceCount).sum(isAtMost: rowCountMax)
      && summaries.lazy.map(\.byteCount).sum(isAtMost: byteCountMax)
  }
}

extension Sequence<Int> {
  /// Whether numbers that are not negative add up to `limit` or less; never overflows.
  func sum(isAtMost limit: Int) -> Bool {
    var room = limit
    for number in self {
      guard number <= room else { return false }
      room -= number
    }
    return true
  }
}
