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
      SliceFlags(of: item.entry).write(to: &writer)
      item.entry.keys?.write(to: &writer)
      writer.writeCount(item.entry.rowCount)
      if item.entry.isPart {
        writer.writeCount(item.entry.segmentRows.lowerBound)
        writer.writeCount(item.entry.segmentRowCount - item.entry.segmentRows.upperBound)
      }
      for segment in item.entry.segments { segment.write(to: &writer) }
    }
  }

  package static func readLeaf(_ reader: inout ByteReader, count: Int) throws(SternaError) -> Leaf {
    let groupCount = try reader.readCount(atMost: groupCountMax)
    var details: [BlockPointer] = []
    for _ in 0..<groupCount { details.append(try BlockPointer(reading: &reader)) }
    var slices: [SliceEntry] = []
    for _ in 0..<count { slices.append(try readSlice(&reader, groupCount: groupCount)) }
    try reader.expectEnd()
    guard slices.lazy.map(\.rowCount).sum(isAtMost: rowCountMax) else {
      throw reader.malformed("rows over every limit")
    }
    return Leaf(slices: slices, details: details)
  }

  private static func readSlice(
    _ reader: inout ByteReader, groupCount: Int
  ) throws(SternaError) -> SliceEntry {
    let flags = try SliceFlags(reading: &reader)
    let keys = flags.contains(.hasKeys) ? try KeyRange(reading: &reader) : nil
    let rowCount = try reader.readCount(atMost: rowCountMax)
    var (before, behind) = (0, 0)
    if flags.contains(.isPart) {
      before = try reader.readCount(atMost: rowCountMax - rowCount)
      behind = try reader.readCount(atMost: rowCountMax - rowCount - before)
      guard before + behind > 0 else { throw reader.malformed("a part that is the whole") }
    }
    var segments: [BlockPointer] = []
    for _ in 0..<groupCount { segments.append(try BlockPointer(reading: &reader)) }
    return SliceEntry(
      keys: keys, segmentRows: before..<(before + rowCount), of: before + rowCount + behind,
      segments: segments)
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

  /// Of a summary; an entry has its flags in one byte.
  private static func write(_ keys: KeyRange?, to writer: inout ByteWriter) {
    writer.writeBool(keys != nil)
    keys?.write(to: &writer)
  }

  private static func readKeys(from reader: inout ByteReader) throws(SternaError) -> KeyRange? {
    try reader.readBool() ? try KeyRange(reading: &reader) : nil
  }
}

/// What an entry of an index leaf has besides its rows and segments.
private struct SliceFlags: OptionSet {
  let rawValue: UInt8

  static let hasKeys = SliceFlags(rawValue: 1)
  static let isPart = SliceFlags(rawValue: 2)

  init(rawValue: UInt8) { self.rawValue = rawValue }

  init(of slice: SliceEntry) {
    self = []
    if slice.keys != nil { insert(.hasKeys) }
    if slice.isPart { insert(.isPart) }
  }

  func write(to writer: inout ByteWriter) { writer.write(rawValue) }

  init(reading reader: inout ByteReader) throws(SternaError) {
    rawValue = try reader.read(UInt8.self)
    guard rawValue < 4 else { throw reader.malformed("flags \(rawValue) of a slice") }
  }
}
