import Columnar
import SternaBase

/// Brings the column chunks of one segment: the whole object, or, where few of its columns are wanted, only
/// their byte ranges.
struct SegmentFetcher: Sendable {
  let blocks: BlockStore

  /// One wanted column: where it lies in the segment and its bytes, checked.
  struct FetchedChunk: Sendable {
    let column: Int
    let chunk: ColumnChunk
    let bytes: Bytes
  }

  /// Segments below this are fetched whole: the transfer costs less than another request.
  private static let rangeByteCountMin = 256 << 10
  /// Ranges closer than this are fetched as one: on S3 a round trip costs about as much as a MiB.
  private static let coalescingGapByteCount = 1 << 20

  /// - Parameter columns: positions in the schema, all within `group`, ascending.
  func fetch(
    _ columns: [Int], of slice: ReadPlan.Slice, group groupNumber: Int, group: Range<Int>
  ) async throws -> [FetchedChunk] {
    if let tail = slice.tail {
      let bytes = try await tail.segment.load(from: blocks)
      return try Self.chunks(columns, of: slice, in: bytes, group: group, key: key(of: tail))
    }
    let pointer = slice.entry.segments[groupNumber]
    let wantsFew = columns.count * 4 <= group.count && pointer.byteCount >= Self.rangeByteCountMin
    return wantsFew
      ? try await fetchRanges(columns, of: slice, pointer, groupNumber: groupNumber, group: group)
      : try await fetchWhole(columns, of: slice, pointer, group: group)
  }

  private func fetchWhole(
    _ columns: [Int], of slice: ReadPlan.Slice, _ pointer: BlockPointer, group: Range<Int>
  ) async throws -> [FetchedChunk] {
    let bytes = try await blocks.get(pointer)
    let key = LibraryKeys.block(pointer, of: blocks.symbol)
    return try Self.chunks(columns, of: slice, in: bytes, group: group, key: key)
  }

  /// A tail's object: the block that it became, or the ref.
  private func key(of tail: Tail) -> String {
    if case .block(let pointer) = tail.segment { return LibraryKeys.block(pointer, of: blocks.symbol) }
    return LibraryKeys.ref(of: blocks.symbol)
  }

  private static func chunks(
    _ columns: [Int], of slice: ReadPlan.Slice, in bytes: Bytes, group: Range<Int>, key: String
  ) throws -> [FetchedChunk] {
    do {
      let segment = try Segment(parsing: bytes, subject: "segment")
      return try columns.map { column in
        let chunk = try chunk(column, in: segment.chunks, group: group, slice)
        return FetchedChunk(column: column, chunk: chunk, bytes: bytes[chunk.byteRange])
      }
    } catch let error as SternaError {
      throw error.with { $0.key = key }
    }
  }

  private func fetchRanges(
    _ columns: [Int], of slice: ReadPlan.Slice, _ pointer: BlockPointer, groupNumber: Int,
    group: Range<Int>
  ) async throws -> [FetchedChunk] {
    let chunks = try await details(of: slice, groupNumber: groupNumber)
    let wanted = try columns.map { ($0, try Self.chunk($0, in: chunks, group: group, slice)) }
      .sorted { $0.1.byteRange.lowerBound < $1.1.byteRange.lowerBound }
    // A column of one value has no bytes: its descriptor says it all, and there is nothing to ask for.
    var fetched = wanted.filter(\.1.byteRange.isEmpty).map {
      FetchedChunk(column: $0, chunk: $1, bytes: [])
    }
    let stored = wanted.filter { !$0.1.byteRange.isEmpty }
    for run in Self.coalesce(stored.map(\.1.byteRange)) {
      let members = stored.filter { run.contains($0.1.byteRange.lowerBound) }
      fetched += try await blocks.get(pointer, range: run) { bytes -> [FetchedChunk]? in
        let parts = members.map { column, chunk in
          let start = chunk.byteRange.lowerBound - run.lowerBound
          return FetchedChunk(
            column: column, chunk: chunk, bytes: bytes[start..<(start + chunk.byteRange.count)])
        }
        return parts.allSatisfy { $0.chunk.checksum == ChunkChecksum(hashing: $0.bytes) } ? parts : nil
      }
    }
    return fetched
  }

  private func details(of slice: ReadPlan.Slice, groupNumber: Int) async throws -> [ColumnChunk] {
    let pointer = slice.details[groupNumber]
    let key = LibraryKeys.block(pointer, of: blocks.symbol)
    let detail = try IndexDetail(decoding: try await blocks.get(pointer), subject: key)
    guard detail.slices.indices.contains(slice.positionInLeaf) else {
      throw SternaError(.corrupt, "index detail node has too few slices", key: key)
    }
    return try SegmentDetail.decode(detail.slices[slice.positionInLeaf], subject: key)
  }

  /// The chunk of a column, checked against what the index says of the slice.
  private static func chunk(
    _ column: Int, in chunks: [ColumnChunk], group: Range<Int>, _ slice: ReadPlan.Slice
  ) throws(SternaError) -> ColumnChunk {
    guard chunks.count == group.count else {
      throw SternaError(.corrupt, "segment has \(chunks.count) columns where the index has \(group.count)")
    }
    let chunk = chunks[column - group.lowerBound]
    guard chunk.rowCount == slice.segmentRowCount else {
      throw SternaError(
        .corrupt, "segment has \(chunk.rowCount) rows where the index has \(slice.segmentRowCount)")
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
