import Columnar
import SternaBase

/// Carries out read plans: segments are fetched, verified and decoded by a bounded number of tasks,
/// straight into the result's buffers.
struct FrameReader: Sendable {
  let blocks: BlockStore
  /// Slices in flight at once: fetching one overlaps with decoding another.
  let concurrency: Int

  /// The whole result as one frame.
  func read(_ plan: ReadPlan) async throws -> DataFrame {
    let frame = try await assemble(plan, plan.slices)
    return frame.slice(plan.selectedRows(of: frame, firstRow: plan.slices.first?.firstRow ?? 0))
  }

  /// The rows of one slice that the plan asks for.
  func read(_ slice: ReadPlan.Slice, of plan: ReadPlan) async throws -> DataFrame {
    let frame = try await assemble(plan, [slice])
    return frame.slice(plan.selectedRows(of: frame, firstRow: slice.firstRow))
  }

  private struct Job: Sendable {
    let slice: ReadPlan.Slice
    let row: Int
    let groupNumber: Int
    let group: Range<Int>
    let columns: [Int]
  }

  private func assemble(_ plan: ReadPlan, _ slices: [ReadPlan.Slice]) async throws -> DataFrame {
    let schema = plan.resultSchema
    let assembler = try FrameAssembler(
      schema: schema, rowCount: slices.reduce(0) { $0 + $1.entry.rowCount })
    var resultPositions: [Int: Int] = [:]
    for (position, column) in plan.columns.enumerated() { resultPositions[column] = position }
    let positions = resultPositions
    let fetcher = SegmentFetcher(blocks: blocks)
    try await forEachConcurrently(jobs(plan, slices), limit: concurrency) { job in
      let chunks = try await fetcher.fetch(
        job.columns, of: job.slice, group: job.groupNumber, group: job.group)
      for fetched in chunks {
        guard let position = positions[fetched.column] else { continue }
        try assembler.place(
          fetched.chunk, fetched.bytes, rows: 0..<job.slice.entry.rowCount, column: position,
          atRow: job.row)
      }
    }
    return try assembler.finish()
  }

  /// One job per segment that holds a wanted column.
  private func jobs(_ plan: ReadPlan, _ slices: [ReadPlan.Slice]) -> [Job] {
    let groups = SliceShape.groups(
      columnCount: plan.schema.fields.count, columnsPerGroup: plan.columnsPerGroup)
    let wanted = groups.map { group in plan.columns.filter(group.contains).sorted() }
    var jobs: [Job] = []
    var row = 0
    for slice in slices {
      if slice.tail != nil, !plan.columns.isEmpty {
        jobs.append(
          Job(
            slice: slice, row: row, groupNumber: 0, group: plan.schema.fields.indices,
            columns: plan.columns.sorted()))
        continue
      }
      for (number, group) in groups.enumerated() where !wanted[number].isEmpty {
        jobs.append(
          Job(slice: slice, row: row, groupNumber: number, group: group, columns: wanted[number]))
      }
      row += slice.entry.rowCount
    }
    return jobs
  }
}
