import Columnar

/// One segment that holds wanted columns: what to fetch, and where its rows go.
struct SegmentJob: Sendable {
  struct WantedColumn: Sendable {
    /// Its position in the schema.
    let column: Int
    /// Its position in the result.
    let position: Int
  }

  let slice: ReadPlan.Slice
  /// The first of the segment's rows in the result.
  let row: Int
  let groupNumber: Int
  /// The columns of the schema that the segment has.
  let group: Range<Int>
  /// Ascending in the schema.
  let wanted: [WantedColumn]

  /// - Precondition: the slice is no tail.
  var pointer: BlockPointer { slice.entry.segments[groupNumber] }

  /// - Precondition: the slice is no tail.
  var detail: BlockPointer { slice.details[groupNumber] }

  /// Encoded bytes of the segment; a tail is small, and here already.
  var byteCount: Int { slice.tail == nil ? pointer.byteCount : 0 }

  /// What must be spared, about, for only the wanted columns to be fetched: otherwise transfer and hash
  /// cost less than to learn where they lie.
  private static let sparedByteCountMin = 256 << 10

  /// Whether the bytes of the wanted columns are fetched instead of the whole segment.
  var isFetchedInParts: Bool {
    slice.tail == nil
      && byteCount / group.count * (group.count - wanted.count) >= Self.sparedByteCountMin
  }

  var isFetchedWhole: Bool { slice.tail == nil && !isFetchedInParts }

  /// The bytes that will be fetched, about: columns differ, so those that are wanted count twice.
  var fetchedByteCount: Int {
    isFetchedInParts ? min(byteCount, byteCount / group.count * wanted.count * 2) : byteCount
  }

  /// The jobs of a plan, in the order of the rows.
  static func jobs(of plan: ReadPlan, _ slices: [ReadPlan.Slice]) -> [SegmentJob] {
    let groups = SliceShape.groups(
      columnCount: plan.schema.fields.count, columnsPerGroup: plan.columnsPerGroup)
    let columns = plan.columns.enumerated().map { WantedColumn(column: $0.element, position: $0.offset) }
    let wanted = groups.map { group in
      columns.filter { group.contains($0.column) }.sorted { $0.column < $1.column }
    }
    var jobs: [SegmentJob] = []
    var row = 0
    for slice in slices {
      if slice.tail != nil {
        let all = columns.sorted { $0.column < $1.column }
        if !all.isEmpty {
          jobs.append(
            SegmentJob(
              slice: slice, row: row, groupNumber: 0, group: plan.schema.fields.indices, wanted: all))
        }
        row += slice.entry.rowCount
        continue
      }
      for (number, group) in groups.enumerated() where !wanted[number].isEmpty {
        jobs.append(
          SegmentJob(slice: slice, row: row, groupNumber: number, group: group, wanted: wanted[number]))
      }
      row += slice.entry.rowCount
    }
    return jobs
  }
}
