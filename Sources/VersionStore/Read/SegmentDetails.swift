import Columnar
import SternaBase

/// Where the columns lie in the segments that may be fetched in parts. One index detail node tells it of many
/// segments: it is fetched and parsed once, before the first of them.
struct SegmentDetails: Sendable {
  private let symbol: ObjectName
  private let nodes: [BlockPointer: IndexDetail]

  init(of jobs: [SegmentJob], in blocks: BlockStore, concurrency: Int) async throws {
    let pointers = Set(jobs.lazy.filter(\.mayBeFetchedInParts).map(\.detail))
    let found = try await mapConcurrently(Array(pointers), limit: concurrency) { pointer in
      let key = LibraryKeys.block(pointer, of: blocks.symbol)
      return (pointer, try IndexDetail(decoding: try await blocks.get(pointer), subject: key))
    }
    symbol = blocks.symbol
    nodes = Dictionary(uniqueKeysWithValues: found)
  }

  /// - Precondition: the job is one of those that this was made of, and may be fetched in parts.
  func chunks(of job: SegmentJob) throws(SternaError) -> [ColumnChunk] {
    let key = LibraryKeys.block(job.detail, of: symbol)
    guard let detail = nodes[job.detail], detail.slices.indices.contains(job.slice.positionInLeaf) else {
      throw SternaError(.corrupt, "index detail node has too few slices", key: key)
    }
    return try SegmentDetail.decode(detail.slices[job.slice.positionInLeaf], subject: key)
  }
}
