import Columnar
import SternaBase

/// Brings the column chunks of one segment: the whole object, or, where few of its columns are wanted, only
/// their byte ranges.
struct SegmentFetcher: Sendable {
  let blocks: BlockStore
  private let details: SegmentDetails

  /// Learns where the columns lie in segments that may be fetched in parts.
  init(for jobs: [SegmentJob], in blocks: BlockStore, concurrency: Int) async throws {
    self.blocks = blocks
    details = try await SegmentDetails(of: jobs, in: blocks, concurrency: concurrency)
  }

  /// One wanted column: where it lies in the segment and its bytes, checked.
  struct FetchedChunk: Sendable {
    /// Its position in the result.
    let position: Int
    let chunk: ColumnChunk
    let bytes: Bytes
  }

  /// Ranges closer than this are fetched as one: on S3 a round trip costs about as much as a MiB.
  private static let coalescingGapByteCount = 1 << 20

  func fetch(_ job: SegmentJob) async throws -> [FetchedChunk] {
    if let tail = job.slice.tail {
      let bytes = try await tail.segment.load(from: blocks)
      return try chunks(of: job, in: bytes, key: key(of: tail))
    }
    if let parts = try parts(of: job) { return try await fetch(parts, of: job) }
    return try chunks(of: job, in: try await blocks.get(job.pointer))
  }

  /// Fetches one segment, or two, which are verified together.
  func fetch(_ jobs: ArraySlice<SegmentJob>) async throws -> [[FetchedChunk]] {
    guard let first = jobs.first else { return [] }
    guard let second = jobs.dropFirst().first else { return [try await fetch(first)] }
    guard try isFetchedWhole(first), try isFetchedWhole(second) else {
      async let chunks = fetch(first)
      let others = try await fetch(second)
      return [try await chunks, others]
    }
    let (bytes, others) = try await blocks.get(first.pointer, and: second.pointer)
    return [try chunks(of: first, in: bytes), try chunks(of: second, in: others)]
  }

  private func isFetchedWhole(_ job: SegmentJob) throws -> Bool {
    try job.slice.tail == nil && parts(of: job) == nil
  }

  private func chunks(of job: SegmentJob, in bytes: Bytes) throws -> [FetchedChunk] {
    try chunks(of: job, in: bytes, key: LibraryKeys.block(job.pointer, of: blocks.symbol))
  }

  /// A tail's object: the block that it became, or the ref.
  private func key(of tail: Tail) -> String {
    if case .block(let pointer) = tail.segment { return LibraryKeys.block(pointer, of: blocks.symbol) }
    return LibraryKeys.ref(of: blocks.symbol)
  }

  private func chunks(of job: SegmentJob, in bytes: Bytes, key: String) throws -> [FetchedChunk] {
    do {
      let segment = try Segment(parsing: bytes, subject: "segment")
      return try job.wanted.map { wanted in
        let chunk = try chunk(wanted.column, in: segment.chunks, of: job)
        return FetchedChunk(position: wanted.position, chunk: chunk, bytes: bytes[chunk.byteRange])
      }
    } catch let error as SternaError {
      throw error.with { $0.key = key }
    }
  }

  /// A wanted column, and where it lies in the segment.
  private typealias Part = (position: Int, chunk: ColumnChunk)

  /// The wanted columns, where it is better to fetch them by themselves; nil where the whole segment is.
  private func parts(of job: SegmentJob) throws -> [Part]? {
    guard job.mayBeFetchedInParts else { return nil }
    let chunks = try details.chunks(of: job)
    let parts = try job.wanted.map { wanted -> Part in
      (wanted.position, try chunk(wanted.column, in: chunks, of: job))
    }
    return job.sparesEnough(fetching: parts.reduce(0) { $0 + $1.chunk.byteRange.count }) ? parts : nil
  }

  private func fetch(_ parts: [Part], of job: SegmentJob) async throws -> [FetchedChunk] {
    let wanted = parts.sorted { $0.chunk.byteRange.lowerBound < $1.chunk.byteRange.lowerBound }
    // A column of one value has no bytes: its descriptor says it all, and there is nothing to ask for.
    var fetched = wanted.filter(\.1.byteRange.isEmpty).map {
      FetchedChunk(position: $0, chunk: $1, bytes: [])
    }
    let stored = wanted.filter { !$0.1.byteRange.isEmpty }
    for run in Self.coalesce(stored.map(\.1.byteRange)) {
      let members = stored.filter { run.contains($0.1.byteRange.lowerBound) }
      fetched += try await blocks.get(job.pointer, range: run) { bytes -> [FetchedChunk]? in
        let parts = members.map { position, chunk in
          let start = chunk.byteRange.lowerBound - run.lowerBound
          return FetchedChunk(
            position: position, chunk: chunk, bytes: bytes[start..<(start + chunk.byteRange.count)])
        }
        return parts.allSatisfy { $0.chunk.checksum == ChunkChecksum(hashing: $0.bytes) } ? parts : nil
      }
    }
    return fetched
  }

  /// The chunk of a column, checked against what the index says of the slice.
  private func chunk(
    _ column: Int, in chunks: [ColumnChunk], of job: SegmentJob
  ) throws(SternaError) -> ColumnChunk {
    guard chunks.count == job.group.count else {
      throw SternaError(
        .corrupt, "segment has \(chunks.count) columns where the index has \(job.group.count)")
    }
    let chunk = chunks[column - job.group.lowerBound]
    guard chunk.rowCount == job.slice.segmentRowCount else {
      throw SternaError(
        .corrupt, "segment has \(chunk.rowCount) rows where the index has \(job.slice.segmentRowCount)")
    }
    return chunk
  }

  /// Joins ascending ranges whose gaps are small.
  static func coalesce(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for range in ranges {
      if let last = runs.last, range.lowerBound - last.upperBound <= coalescingGapByteCount {
        runs[runs.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        runs.append(range)
      }
    }
    return runs
  }
}
