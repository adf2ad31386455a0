import Columnar
import SternaBase

/// Encodes a stream of frames into segments and uploads them, several at once, in bounded memory.
struct SliceUploader: Sendable {
  let blocks: BlockStore
  var shape: SliceShape
  let encoder: SegmentEncoder
  /// Slices that are encoded or on their way at once; with the source's own batch they bound the memory.
  let concurrency: Int

  /// Everything that `source` yields, uploaded under `epoch`. Nothing refers to the blocks until a commit
  /// does.
  func upload(_ source: FrameSource, epoch: UInt64) async throws -> UploadedSlices {
    let shape = shape.fitted(to: source.schema)
    var slicer = RowSlicer(shape: shape, schema: source.schema)
    let records = try await withThrowingTaskGroup(of: (Int, SliceRecord).self) { group in
      var records: [SliceRecord?] = []
      var inFlight = 0
      func finishOne() async throws {
        guard let (position, record) = try await group.next() else { return }
        records[position] = record
        inFlight -= 1
      }
      func start(_ slice: DataFrame) async throws {
        while inFlight >= concurrency { try await finishOne() }
        let position = records.count
        records.append(nil)
        inFlight += 1
        group.addTask { (position, try await upload(slice, shape: shape, epoch: epoch)) }
      }
      while let frame = try await source.next() {
        try Task.checkCancellation()
        for slice in try slicer.add(frame) { try await start(slice) }
      }
      if let last = try slicer.finish() { try await start(last) }
      while inFlight > 0 { try await finishOne() }
      return records.compactMap { $0 }
    }
    return UploadedSlices(
      schema: source.schema, records: records, columnsPerGroup: shape.columnsPerGroup)
  }

  private func upload(_ slice: DataFrame, shape: SliceShape, epoch: UInt64) async throws -> SliceRecord {
    var segments: [BlockPointer] = []
    var details: [Bytes] = []
    let groups = SliceShape.groups(
      columnCount: slice.columns.count, columnsPerGroup: shape.columnsPerGroup)
    for group in groups {
      let encoded = try encoder.encode(slice.select(positions: Array(group)), kind: .segment)
      let block = PendingBlock(kind: .segment, epoch: epoch, bytes: encoded.bytes)
      try await blocks.put(block)
      segments.append(block.pointer)
      details.append(SegmentDetail.encode(encoded.chunks))
    }
    let keys = slice.index.map {
      KeyRange(first: $0.indexValue(at: 0), last: $0.indexValue(at: slice.rowCount - 1))
    }
    return SliceRecord(
      entry: SliceEntry(keys: keys, rowCount: slice.rowCount, segments: segments), details: details)
  }
}
