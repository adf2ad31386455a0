import Columnar
import SternaBase

/// Fetches segments and decodes them into their place, side by side in one task group.
///
/// Of many segments each two are fetched, verified and decoded by one task: two hashes at once take less
/// time than one after the other. Few segments are cut into parts, so that they too keep all cores busy:
///
///     segments 0, 1   fetch both, verify both, decode, decode
///     segments 2, 3      fetch both, verify both, decode, decode
///
///     segment 0   fetch, verify ─┬─ decode columns 0...3
///                                ├─ decode columns 4...7
///     segment 1      fetch, verify ─┬─ decode ...
struct SegmentPipeline: Sendable {
  let fetcher: SegmentFetcher
  let assembler: FrameAssembler
  /// Segments in flight, from the request to the last decoded column, at most.
  let concurrency: Int
  /// Encoded bytes in flight, at most: they come on top of the memory of the result.
  let byteCountMax: Int

  /// Fewer segments than this are cut into parts.
  private static let wholeSegmentCountMin = 16
  /// Values of a part, at least: fewer are not worth a task.
  private static let partValueCountMin = 256 << 10
  /// A segment of no more values is not cut: it is decoded before another core is awake.
  private static let uncutValueCountMax = 512 << 10

  /// What may be in flight for a result of so many bytes: a tenth of it, at least a few
  /// segments, and no more than fills a fast network (20 ms at 1.6 GB/s).
  static func byteCountMax(forResultOf byteCount: Int) -> Int {
    min(max(byteCount / 10, 4 << 20), 32 << 20)
  }

  private enum Event: Sendable {
    case fetched(segment: Int, [SegmentFetcher.FetchedChunk])
    case decodedPart(segment: Int)
    case decoded(segments: Range<Int>)
  }

  func run(_ jobs: [SegmentJob]) async throws {
    if jobs.count == 1 { return try await run(jobs[0]) }
    let isCut = jobs.count < Self.wholeSegmentCountMin
    try await withThrowingTaskGroup(of: Event.self) { group in
      var flight = SegmentFlight(countMax: concurrency, byteCountMax: byteCountMax)
      var next = 0
      func startNext() {
        while true {
          let first = next
          while next < jobs.count, next < first + (isCut ? 1 : 2),
            flight.start(next, byteCount: jobs[next].fetchedByteCount)
          {
            next += 1
          }
          guard next > first else { return }
          let segments = first..<next
          group.addTask {
            let fetched = try await fetcher.fetch(jobs[segments])
            if isCut { return .fetched(segment: first, fetched[0]) }
            for (chunks, job) in zip(fetched, jobs[segments]) { try place(chunks, of: job) }
            return .decoded(segments: segments)
          }
        }
      }
      startNext()
      while let event = try await group.next() {
        switch event {
        case .fetched(let segment, let chunks):
          let parts = Self.parts(of: chunks, rowCount: jobs[segment].rowCount)
          flight.cut(segment, into: parts.count)
          for part in parts {
            group.addTask {
              try place(part, of: jobs[segment])
              return .decodedPart(segment: segment)
            }
          }
        case .decodedPart(let segment): flight.endPart(of: segment)
        case .decoded(let segments): for segment in segments { flight.end(segment) }
        }
        startNext()
      }
    }
  }

  /// Few values are decoded by the task that fetched them: a read of one small segment then starts none.
  private func run(_ job: SegmentJob) async throws {
    let parts = Self.parts(of: try await fetcher.fetch(job), rowCount: job.rowCount)
    try await forEachConcurrently(parts, limit: parts.count) { try place($0, of: job) }
  }

  private func place(_ chunks: some Sequence<SegmentFetcher.FetchedChunk>, of job: SegmentJob) throws {
    for fetched in chunks {
      try Task.checkCancellation()
      if job.uses.count == 1, let use = job.uses.first {
        try assembler.place(
          fetched.chunk, fetched.bytes, rows: use.rows, column: fetched.position, atRow: use.row)
        continue
      }
      let column = try fetched.chunk.decode(fetched.bytes, verifyingChecksum: false)
      for use in job.uses {
        try assembler.place(column.slice(use.rows), column: fetched.position, atRow: use.row)
      }
    }
  }

  private static func parts(
    of chunks: [SegmentFetcher.FetchedChunk], rowCount: Int
  ) -> [ArraySlice<SegmentFetcher.FetchedChunk>] {
    let isUncut = rowCount <= uncutValueCountMax / max(1, chunks.count)
    let columnCount = isUncut ? max(1, chunks.count) : max(1, partValueCountMin / max(1, rowCount))
    return stride(from: 0, to: chunks.count, by: columnCount).map {
      chunks[$0..<min($0 + columnCount, chunks.count)]
    }
  }
}

/// The segments in flight, by number and by bytes.
struct SegmentFlight {
  let countMax: Int
  let byteCountMax: Int
  private var segments: [Int: (byteCount: Int, partCount: Int)] = [:]
  private var byteCount = 0

  init(countMax: Int, byteCountMax: Int) {
    self.countMax = countMax
    self.byteCountMax = byteCountMax
  }

  /// - Returns: false when there is no room. One segment always has room, whatever its size.
  mutating func start(_ segment: Int, byteCount added: Int) -> Bool {
    let hasRoom = segments.count < countMax && byteCount + added <= byteCountMax
    guard hasRoom || segments.isEmpty else { return false }
    segments[segment] = (added, 0)
    byteCount += added
    return true
  }

  /// A segment without parts is at its end.
  mutating func cut(_ segment: Int, into partCount: Int) {
    segments[segment]?.partCount = partCount
    if partCount == 0 { end(segment) }
  }

  mutating func endPart(of segment: Int) {
    segments[segment]?.partCount -= 1
    if segments[segment]?.partCount == 0 { end(segment) }
  }

  mutating func end(_ segment: Int) { byteCount -= segments.removeValue(forKey: segment)?.byteCount ?? 0 }
}
