import Columnar
import SternaBase

/// Encodes a stream of frames into segments and uploads them, several at once, in bounded memory.
struct SliceUploader: Sendable {
  let blocks: BlockStore
  var shape: SliceShape
  let encoder: SegmentEncoder
  /// Segments that are encoded or on their way at once; with the source's own batch they bound the memory.
  let concurrency: Int
  /// What need not be uploaded, because a version that the commit builds on has it.
  var known: KnownSegments?

  /// Columns of a segment that are encoded at once; the task pool runs as many as there are cores.
  private static let columnConcurrency = 8
  /// Values of a segment from which on its columns are worth a task each.
  private static let parallelValueCount = 1 << 17

  /// Everything that `source` yields, uploaded under `epoch`. Nothing refers to the blocks until a commit
  /// does.
  /// - Parameter firstRow: the number that the first row will have in its version.
  func upload(
    _ source: FrameSource, epoch: UInt64, firstRow: Int = 0
  ) async throws -> UploadedSlices {
    let shape = shape.fitted(to: source.schema)
    var slicer = RowSlicer(shape: shape, schema: source.schema)
    let groups = SliceShape.groups(
      columnCount: source.schema.fields.count, columnsPerGroup: shape.columnsPerGroup)
    let finished = try await withThrowingTaskGroup(of: (slice: Int, UploadedGroup).self) { tasks in
      var unfinished: [UnfinishedRecord] = []
      var nextRow = firstRow
      var inFlight = 0
      func finishOne() async throws {
        guard let (slice, uploaded) = try await tasks.next() else { return }
        unfinished[slice].add(uploaded)
        inFlight -= 1
      }
      func start(_ slice: DataFrame) async throws {
        let position = unfinished.count
        let place = SlicePlace(of: slice, firstRow: nextRow)
        nextRow += slice.rowCount
        unfinished.append(UnfinishedRecord(place, groupCount: groups.count))
        for (number, group) in groups.enumerated() {
          while inFlight >= concurrency { try await finishOne() }
          inFlight += 1
          tasks.addTask {
            let part = slice.select(positions: Array(group))
            return (position, try await upload(part, of: place, group: number, epoch: epoch))
          }
        }
      }
      while let frame = try await source.next() {
        try Task.checkCancellation()
        for slice in try slicer.add(frame) { try await start(slice) }
      }
      if let last = try slicer.finish() { try await start(last) }
      while inFlight > 0 { try await finishOne() }
      return unfinished
    }
    return UploadedSlices(
      schema: source.schema, records: finished.map(\.record), columnsPerGroup: shape.columnsPerGroup,
      shared: known.map { (Set(finished.flatMap(\.shared)), $0) })
  }

  private func upload(
    _ part: DataFrame, of place: SlicePlace, group: Int, epoch: UInt64
  ) async throws -> UploadedGroup {
    let encoded = try await encode(part)
    let block = PendingBlock(kind: .segment, epoch: epoch, bytes: encoded.bytes)
    let shared = await known?.pointer(to: block.pointer, of: place, group: group)
    if shared == nil { try await blocks.put(block) }
    return UploadedGroup(
      number: group, pointer: shared ?? block.pointer, isShared: shared != nil,
      detail: SegmentDetail.encode(encoded.chunks))
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
  /// Whether another version has it, so that it was not uploaded.
  let isShared: Bool
  let detail: Bytes
}

/// Where a slice's rows are.
struct SlicePlace: Sendable {
  /// Nil without an index.
  let keys: KeyRange?
  let firstRow: Int
  let rowCount: Int

  init(of slice: DataFrame, firstRow: Int) {
    keys = slice.index.map {
      KeyRange(first: $0.indexValue(at: 0), last: $0.indexValue(at: slice.rowCount - 1))
    }
    self.firstRow = firstRow
    rowCount = slice.rowCount
  }
}

/// The record of a slice whose column groups arrive in any order.
private struct UnfinishedRecord {
  private let place: SlicePlace
  private var groups: [UploadedGroup?]

  init(_ place: SlicePlace, groupCount: Int) {
    self.place = place
    groups = Array(repeating: nil, count: groupCount)
  }

  mutating func add(_ group: UploadedGroup) { groups[group.number] = group }

  /// - Precondition: all groups were added.
  var record: SliceRecord {
    let groups = groups.compactMap { $0 }
    return SliceRecord(
      entry: SliceEntry(keys: place.keys, rowCount: place.rowCount, segments: groups.map(\.pointer)),
      details: groups.map(\.detail))
  }

  var shared: [BlockName] {
    groups.compactMap { $0 }.filter(\.isShared).map { BlockName($0.pointer) }
  }
}
