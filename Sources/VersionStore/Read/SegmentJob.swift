import Columnar

/// One segment that holds wanted columns: what to fetch, and where its rows go.
struct SegmentJob: Sendable {
  struct WantedColumn: Sendable {
    /// Its position in the schema.
    let column: Int
    /// Its position in the result.
    let position: Int
  }

  /// Rows of the segment, and the place of the first of them in the result.
  struct Use: Sendable {
    let rows: Range<Int>
    let row: Int

    init(of slice: ReadPlan.Slice, atRow row: Int) {
      // Of a tail perhaps only the first rows.
      rows = slice.tail == nil ? slice.entry.segmentRows : 0..<slice.entry.rowCount
      self.row = row
    }
  }

  /// The first slice that uses the segment.
  let slice: ReadPlan.Slice
  /// One; several where slices of the plan are parts of the segment.
  private(set) var uses: [Use]
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

  /// What must be spared for only the wanted columns to be fetched: otherwise transfer and hash cost less
  /// than to learn where they lie.
  private static let sparedByteCountMin = 256 << 10

  /// Whether the wanted columns may be worth fetching by themselves, to judge by how many they are; where
  /// they lie says for certain.
  var mayBeFetchedInParts: Bool {
    slice.tail == nil && sparesEnough(fetching: byteCount / group.count * wanted.count)
  }

  /// Whether to fetch so many bytes of the segment is better than to fetch all.
  func sparesEnough(fetching partByteCount: Int) -> Bool {
    byteCount - partByteCount >= Self.sparedByteCountMin
  }

  /// The bytes that will be fetched, about: columns differ, so those that are wanted count twice.
  var fetchedByteCount: Int {
    mayBeFetchedInParts ? min(byteCount, byteCount / group.count * wanted.count * 2) : byteCount
  }

  /// Rows that go to the result.
  var rowCount: Int { uses.reduce(0) { $0 + $1.rows.count } }

  /// Where a part's segment may be wanted again.
  private struct PartKey: Hashable {
    let pointer: BlockPointer
    let groupNumber: Int
    /// Who says otherwise is refused by its own job.
    let segmentRowCount: Int
  }

  /// The jobs of a plan, in the order of the rows; parts of one segment are one job.
  static func jobs(of plan: ReadPlan, _ slices: [ReadPlan.Slice]) -> [SegmentJob] {
    let groups = SliceShape.groups(
      columnCount: plan.schema.fields.count, columnsPerGroup: plan.columnsPerGroup)
    let columns = plan.columns.enumerated().map { WantedColumn(column: $0.element, position: $0.offset) }
    let wanted = groups.map { group in
      columns.filter { group.contains($0.column) }.sorted { $0.column < $1.column }
    }
    var jobs: [SegmentJob] = []
    var parts: [PartKey: Int] = [:]
    var row = 0
    for slice in slices {
      let use = Use(of: slice, atRow: row)
      if slice.tail != nil {
        let all = columns.sorted { $0.column < $1.column }
        if !all.isEmpty {
          jobs.append(
            SegmentJob(
              slice: slice, uses: [use], groupNumber: 0, group: plan.schema.fields.indices, wanted: all))
        }
        row += slice.entry.rowCount
        continue
      }
      for (number, group) in groups.enumerated() where !wanted[number].isEmpty {
        let job = SegmentJob(
          slice: slice, uses: [use], groupNumber: number, group: group, wanted: wanted[number])
        if slice.entry.isPart {
          let key = PartKey(
            pointer: job.pointer, groupNumber: number, segmentRowCount: slice.segmentRowCount)
          if let earlier = parts[key] {
            jobs[earlier].uses.append(use)
            continue
          }
          parts[key] = jobs.count
        }
        jobs.append(job)
      }
      row += slice.entry.rowCount
    }
    return jobs
  }
}
