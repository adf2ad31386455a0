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
    if WindowReader.suits(plan) {
      return try await WindowReader(blocks: blocks, concurrency: concurrency).read(plan)
    }
    let frame = try await assemble(plan, plan.slices, plan.textLayout)
    return frame.slice(plan.selectedRows(of: frame, firstRow: plan.slices.first?.firstRow ?? 0))
  }

  /// The rows of some consecutive slices that the plan asks for.
  func read(_ batch: Range<Int>, of plan: ReadPlan) async throws -> DataFrame {
    let slices = Array(plan.slices[batch])
    // Pieces of one result are laid out alike, whatever their texts.
    let frame = try await assemble(plan, slices, .values)
    return frame.slice(plan.selectedRows(of: frame, firstRow: slices.first?.firstRow ?? 0))
  }

  private func assemble(
    _ plan: ReadPlan, _ slices: [ReadPlan.Slice], _ textLayout: TextLayout
  ) async throws -> DataFrame {
    let assembler = try FrameAssembler(
      schema: plan.resultSchema, rowCount: slices.reduce(0) { $0 + $1.entry.rowCount },
      textLayout: textLayout)
    let jobs = SegmentJob.jobs(of: plan, slices)
    let fetcher = try await SegmentFetcher(for: jobs, in: blocks, concurrency: concurrency)
    let pipeline = SegmentPipeline(
      fetcher: fetcher, assembler: assembler, concurrency: concurrency,
      byteCountMax: SegmentPipeline.byteCountMax(forResultOf: assembler.slotByteCount))
    try await pipeline.run(jobs)
    return try assembler.finish()
  }
}
