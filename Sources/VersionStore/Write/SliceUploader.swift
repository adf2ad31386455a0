import Columnar
import SternaBase

/// Encodes a stream of frames into segments and uploads them, several at once, in bounded memory.
struct SliceUploader: Sendable {
  let blocks: BlockStore
  var shape: SliceShape
  let encoder: SegmentEncoder
  /// Segments that are encoded or on their way at once; with the source's own batch they bound the memory.
  let concurrency: Int

  /// Columns of a segment that are encoded at once; the task pool runs as many as there are cores.
  private static let columnConcurrency = 8
  /// Values of a segment from which on its columns are worth a task each.
  private static let parallelValueCount = 1 << 17

  /// Everything that `source` yields, uploaded under `epoch`. Nothing refers to the blocks until a commit
  /// does.
  func upload(_ source: FrameSource, epoch: UInt64) async throws -> UploadedSlices {
    let shape = shape.fitted(to: source.schema)
    var slicer = RowSlicer(shape: shape, schema: source.schema)
    let groups = SliceShape.groups(
      columnCount: source.schema.fields.count, columnsPerGroup: shape.columnsPerGroup)
    let records = try await withThrowingTaskGroup(of: (slice: Int, UploadedGroup).self) { tasks in
      var unfinished: [UnfinishedRecord] = []
      var inFlight = 0
      func finishOne() async throws {
        guard let (slice, uploaded) = try await tasks.next() else { return }
        unfinished[slice].add(uploaded)
        inFlight -= 1
      }
      func start(_ slice: DataFrame) async throws {
        let position = unfinished.count
        unfinished.append(UnfinishedRecord(of: slice, groupCount: groups.count))
        for (number, group) in groups.enumerated() {
          while inFlight >= concurrency { try await finishOne() }
          inFlight += 1
          tasks.addTask {
            let part = slice.select(positions: Array(group))
            return (position, try await upload(part, group: number, epoch: epoch))
          }
        }
      }
      while let frame = try await source.next() {
        try Task.checkCancellation()
        for slice in try slicer.add(frame) { try await start(slice) }
      }
      if let last = try slicer.finish() { try await start(last) }
      while inFlight > 0 { try await finishOne() }
      return unfinished.map(\.record)
    }
    return UploadedSlices(
      schema: source.schema, records: records, epoch: epoch, columnsPerGroup: shape.columnsPerGroup)
  }

  private func upload(_ part: DataFrame, group: Int, epoch: UInt64) async throws -> UploadedGroup {
    let encoded = try await encode(part)
    let block = PendingBlock(kind: .segment, epoch: epoch, bytes: encoded.bytes)
    try await blocks.put(block)
    return UploadedGroup(
      number: group, pointer: block.pointer, detail: SegmentDetail.encode(encoded.chunks))
  }

  private func encode(_ part: DataFrame) async throws -> EncodedSegment {
    guard part.rowCount * part.columns.count >= Self.parallelValueCount else {
      return try encoder.encode(part, kind: .segment)
    }
    let columns = try await mapConcurrently(part.columns, limit: Self.columnConcurrency) {
      try encoder.encode($0)
    }
    return try encoder.assemble(columns, of: part, kind: .segment)
  }
}

/// The segment of one column group of a slice, in the store.
private struct UploadedGroup: Sendable {
  let number: Int
  let pointer: BlockPointer
  let detail: Bytes
}

/// The record of a slice whose column groups arrive in any order.
private struct UnfinishedRecord {
  private let keys: KeyRange?
  private let rowCount: Int
  private var groups: [UploadedGroup?]

  init(of slice: DataFrame, groupCount: Int) {
    keys = slice.index.map {
      KeyRange(first: $0.indexValue(at: 0), last: $0.indexValue(at: slice.rowCount - 1))
    }
    rowCount = slice.rowCount
    groups = Array(repeating: nil, count: groupCount)
  }

  mutating func add(_ group: UploadedGroup) { groups[group.number] = group }

  /// - Precondition: all groups were added.
  var record: SliceRecord {
    let groups = groups.compactMap { $0 }
    return SliceRecord(
      entry: SliceEntry(keys: keys, rowCount: rowCount, segments: groups.map(\.pointer)),
      details: groups.map(\.detail))
  }
}

/// Slices whose segments are in the store, waiting for a commit to refer to them.
struct UploadedSlices: Sendable {
  let schema: Schema
  let records: [SliceRecord]
  let epoch: UInt64
  let columnsPerGroup: Int

  var summary: SliceSummary { records.isEmpty ? .none : IndexContent.summary(of: records) }

  /// The records with their segments under `epoch`. A collector that raised the epoch since the upload may
  /// be deleting the blocks of the older one right now, so those are copied; a block that is already gone
  /// fails the commit instead of leaving a version without its data.
  func records(under epoch: UInt64, blocks: BlockStore, concurrency: Int) async throws -> [SliceRecord] {
    guard epoch != self.epoch else { return records }
    return try await mapConcurrently(records, limit: concurrency) { record in
      var moved = record
      for (group, pointer) in record.entry.segments.enumerated() {
        let bytes = try await Self.bytes(of: pointer, blocks)
        try await blocks.put(PendingBlock(kind: pointer.kind, epoch: epoch, bytes: bytes))
        moved.entry.segments[group] = pointer.moved(to: epoch)
      }
      return moved
    }
  }

  private static func bytes(of pointer: BlockPointer, _ blocks: BlockStore) async throws -> Bytes {
    do {
      return try await blocks.get(pointer)
    } catch let error as SternaError where error.code == .versionPruned {
      throw SternaError(
        .conflict, "a garbage collection removed what this write had uploaded, before it could commit",
        advice: "Write the rows again.", key: error.key, retry: .transient)
    }
  }
}
