import SternaBase

/// When rows that are kept stay where they are, as part of their segment, and when they are encoded again.
/// Pure.
///
///     [ part of a ] [ new ] [ part of a ]        an edit of few rows uploads few rows
///
/// A part costs its reader the whole segment, and every fragment a request. So that reading a version never
/// costs more than a small multiple of what it would cost written anew:
///
/// 1. A part has at least a sixteenth of the target number of rows, if it is cut now.
/// 2. Shorter neighbours of rows that are encoded are encoded with them: slivers do not pile up. Those of
///    very long texts, which have megabytes in few rows, are left alone.
/// 3. Of a segment that an edit cuts, at least half of the rows stay in use, or none.
/// 4. At most eight fragments lie between two slices of full length; where an edit makes more of them, all
///    are encoded again, and cut as a write would cut them.
struct PartRules: Sendable {
  /// The fewest rows of a part.
  let rowCountMin: Int
  /// The fewest rows of a slice that is no fragment.
  let sliceRowCountMin: Int

  static let fragmentCountMax = 8
  /// Encoded bytes above which a slice is no sliver, however short.
  private static let sliverByteCountMax = 4 << 20
  /// Encoded bytes that are encoded again at once, at most.
  private static let crowdByteCountMax = 256 << 20

  init(_ shape: SliceShape) {
    rowCountMin = max(1, shape.rowCountTarget / 16)
    sliceRowCountMin = shape.rowCountMin
  }

  /// Marks what is to be encoded again.
  /// - Parameters:
  ///   - run: consecutive stretches, which an edit left.
  ///   - cut: the segments that the edit took rows from.
  func apply(to run: inout [RowStretch], cutting cut: Set<[BlockPointer]>) {
    absorb(&run, cut)
    let crowded = crowds(in: run)
    guard !crowded.isEmpty else { return }
    for position in crowded.joined() { run[position].isEncoded = true }
    absorb(&run, cut)
  }

  /// The first three rules. Each stretch can change only once, so this ends.
  private func absorb(_ run: inout [RowStretch], _ cut: Set<[BlockPointer]>) {
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      let used = usedRowCounts(of: run)
      for position in run.indices where !run[position].isEncoded {
        let stretch = run[position]
        let isShort = stretch.rows.count < rowCountMin
        let isBesideEncoded =
          position > 0 && run[position - 1].isEncoded
          || position + 1 < run.count && run[position + 1].isEncoded
        var isWaste = false
        if let entry = stretch.entry, stretch.isPart, cut.contains(entry.segments) {
          isWaste = (used[entry.segments] ?? 0) < entry.segmentRowCount - (used[entry.segments] ?? 0)
        }
        let isSliver = isBesideEncoded && (stretch.entry?.byteCount ?? 0) <= Self.sliverByteCountMax
        if isShort && (stretch.isCut || isSliver) || isWaste {
          run[position].isEncoded = true
          hasChanged = true
        }
      }
    }
  }

  private func usedRowCounts(of run: [RowStretch]) -> [[BlockPointer]: Int] {
    run.reduce(into: [:]) { counts, stretch in
      guard let entry = stretch.entry, !stretch.isEncoded else { return }
      counts[entry.segments, default: 0] += stretch.rows.count
    }
  }

  /// Runs of too many fragments that the edit had to do with.
  private func crowds(in run: [RowStretch]) -> [Range<Int>] {
    var crowds: [Range<Int>] = []
    var start = 0
    while start < run.count {
      guard isFragment(run[start]) else {
        start += 1
        continue
      }
      let end = run[start...].firstIndex { !isFragment($0) } ?? run.count
      let fragments = run[start..<end]
      if fragments.contains(where: { $0.isEncoded || $0.isCut }),
        fragmentCount(in: fragments) > Self.fragmentCountMax,
        fragments.lazy.map({ $0.entry?.byteCount ?? 0 }).sum(isAtMost: Self.crowdByteCountMax)
      {
        crowds.append(start..<end)
      }
      start = end
    }
    return crowds
  }

  private func isFragment(_ stretch: RowStretch) -> Bool {
    guard let entry = stretch.entry, !stretch.isEncoded else { return true }
    return stretch.rows.count < sliceRowCountMin
      || stretch.rows.count < entry.segmentRowCount - stretch.rows.count
  }

  /// Neighbours that are encoded together count as one.
  private func fragmentCount(in run: ArraySlice<RowStretch>) -> Int {
    let joined = zip(run, run.dropFirst()).count { $0.isEncoded && $1.isEncoded }
    return run.count - joined
  }
}
