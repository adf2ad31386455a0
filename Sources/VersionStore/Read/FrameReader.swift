import Columnar
import SternaBase

/// Carries out read plans: segments are fetched, verified and decoded by a bounded number of tasks,
/// straight into the result's buffers.
struct FrameReader: Sendable {
  let blocks: BlockStore
  /// Segments in flight at once: fetching some overlaps with decoding others.
  let concurrency: Int

  /// The whole result as one frame.
  func read(_ plan: ReadPlan) async throws -> DataFrame {
    let frame = try await assemble(plan, plan.slices, plan.textLayout)
    return frame.slice(plan.selectedRows(of: frame, firstRow: plan.slices.first?.firstRow ?? 0))
  }

  /// The rows of one slice that the plan asks for.
  func read(_ slice: ReadPlan.Slice, of plan: ReadPlan) async throws -> DataFrame {
    // Pieces of one result are laid out alike, whatever their texts.
    let frame = try await assemble(plan, [slice], .values)
    return frame.slice(plan.selectedRows(of: frame, firstRow: slice.firstRow))
  }

  private func assemble(
    _ plan: ReadPlan, _ slices: [ReadPlan.Slice], _ textLayout: TextLayout
  ) async throws -> DataFrame {
    let assembler = try FrameAssembler(
      schema: plan.resultSchema, rowCount: slices.reduce(0) { $0 + $1.entry.rowCount },
      textLayout: textLayout)
    let jobs = SegmentJob.jobs(of: plan, slices)
    let details = try await SegmentDetails(of: jobs, in: blocks, concurrency: concurrency)
    let pipeline = SegmentPipeline(
      fetcher: SegmentFetcher(blocks: blocks, details: details), assembler: assembler,
      concurrency: concurrency,
      byteCountMax: SegmentPipeline.byteCountMax(forResultOf: assembler.slotByteCount))
    try await pipeline.run(jobs)
    return try assembler.finish()
  }
}
