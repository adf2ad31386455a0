import SternaBase

/// The newest rows of a symbol, as one small segment with all columns, kept where the versions are that use
/// it: in the ref, until it is flushed to a block.
///
/// A tail only grows at its end. So a version that uses its first rows can be given a longer one in its
/// place, or the block that it became, without a change of the version's rows.
package struct Tail: Hashable, Sendable {
  /// Rows in the segment.
  package var rowCount: Int
  /// The index value of the first row; nil without an index.
  package var firstKey: Int64?
  package var segment: StoredValue

  package init(rowCount: Int, firstKey: Int64?, segment: StoredValue) {
    self.rowCount = rowCount
    self.firstKey = firstKey
    self.segment = segment
  }

  package var byteCount: Int {
    switch segment {
    case .inline(let bytes): bytes.count
    case .block(let pointer): pointer.byteCount
    }
  }

  /// The segment's bytes, when they are here.
  package var inlineBytes: Bytes? {
    if case .inline(let bytes) = segment { bytes } else { nil }
  }
}

/// What a version has of a tail: its first rows.
package struct TailUse: Hashable, Sendable {
  package var tail: Tail
  /// At least one, at most the tail's.
  package var rowCount: Int
  /// The index value of the last of these rows.
  package var lastKey: Int64?

  package init(tail: Tail, rowCount: Int, lastKey: Int64?) {
    self.tail = tail
    self.rowCount = rowCount
    self.lastKey = lastKey
  }

  package var usesAll: Bool { rowCount == tail.rowCount }

  package var keys: KeyRange? {
    guard let first = tail.firstKey, let last = lastKey else { return nil }
    return KeyRange(first: first, last: last)
  }

  /// As a slice like those of the index; the bytes are the whole segment's.
  package var summary: SliceSummary {
    SliceSummary(keys: keys, rowCount: rowCount, sliceCount: 1, byteCount: tail.byteCount)
  }
}
