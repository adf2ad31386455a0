import Columnar
import SternaBase

extension IndexContent {
  package static func write(_ summary: SliceSummary, to writer: inout ByteWriter) {
    write(summary.keys, to: &writer)
    writer.writeCount(summary.rowCount)
    writer.writeCount(summary.sliceCount)
    writer.writeCount(summary.byteCount)
  }

  package static func readSummary(from reader: inout ByteReader) throws(SternaError) -> SliceSummary {
    SliceSummary(
      keys: try readKeys(from: &reader), rowCount: try reader.readCount(atMost: rowCountMax),
      sliceCount: try reader.readCount(atMost: rowCountMax),
      byteCount: try reader.readCount(atMost: byteCountMax))
  }

  package static func writeLeaf(
    _ items: [SliceRecord], to writer: inout ByteWriter, pending: inout PendingBlocks
  ) {
    let groupCount = items[0].entry.segments.count
    assert(items.allSatisfy { $0.entry.segments.count == groupCount && $0.details.count == groupCount })
    writer.writeCount(groupCount)
    for group in 0..<groupCount {
      let detail = IndexDetail(group: group, slices: items.map { $0.details[group] })
      pending.add(.node, detail.encode()).write(to: &writer)
    }
    for item in items {
      write(item.entry.keys, to: &writer)
      writer.writeCount(item.entry.rowCount)
      for segment in item.entry.segments { segment.write(to: &writer) }
    }
  }

  package static func readLeaf(_ reader: inout ByteReader, count: Int) throws(SternaError) -> Leaf {
    let groupCount = try reader.readCount(atMost: groupCountMax)
    var details: [BlockPointer] = []
    for _ in 0..<groupCount { details.append(try BlockPointer(reading: &reader)) }
    var slices: [SliceEntry] = []
    for _ in 0..<count {
      let keys = try readKeys(from: &reader)
      let rowCount = try reader.readCount(atMost: rowCountMax)
      var segments: [BlockPointer] = []
      for _ in 0..<groupCount { segments.append(try BlockPointer(reading: &reader)) }
      slices.append(SliceEntry(keys: keys, rowCount: rowCount, segments: segments))
    }
    try reader.expectEnd()
    guard slices.lazy.map(\.rowCount).sum(isAtMost: rowCountMax) else {
      throw reader.malformed("rows over every limit")
    }
    return Leaf(slices: slices, details: details)
  }

  package static func items(of leaf: Leaf, blocks: BlockStore) async throws -> [SliceRecord] {
    let details = try await mapConcurrently(leaf.details, limit: 16) { pointer in
      try IndexDetail(
        decoding: try await blocks.get(pointer), subject: LibraryKeys.block(pointer, of: blocks.symbol))
    }
    guard details.allSatisfy({ $0.slices.count == leaf.slices.count }) else {
      throw SternaError(.corrupt, "index leaf and its detail nodes disagree about the number of slices")
    }
    return leaf.slices.enumerated().map { index, entry in
      SliceRecord(entry: entry, details: details.map { $0.slices[index] })
    }
  }

  private static func write(_ keys: KeyRange?, to writer: inout ByteWriter) {
    writer.writeBool(keys != nil)
    keys?.write(to: &writer)
  }

  private static func readKeys(from reader: inout ByteReader) throws(SternaError) -> KeyRange? {
    try reader.readBool() ? try KeyRange(reading: &reader) : nil
  }
}
