import Columnar
import SternaBase

/// Encodes a stream of frames into segments and uploads them, several at once, in bounded memory.
struct SliceUploader: Sendable {
  let blocks: BlockStore
  var shape: SliceShape
  let encoder: SegmentEncoder
  /// Segments that are encoded at once, each of which keeps its rows in memory.
  let concurrency: Int
  /// Told when what is there already cannot be read.
  var warn: @Sendable (String) -> Void = { _ in }
  /// What need not be uploaded, because a version that the commit builds on has it.
  var known: KnownSegments?

  /// Everything that `source` yields, uploaded under `epoch`. Nothing refers to the blocks until a commit
  /// does.
  /// - Parameters:
  ///   - firstRow: the number that the first row will have in its version.
  ///   - run: rows before the first that the first cut counts; they are not uploaded.
  ///   - encoded: the columns of all rows, where they are encoded already: used if they become one slice.
  func upload(
    _ source: FrameSource, epoch: UInt64, firstRow: Int = 0, behind run: RowSlicer.Run = .init(),
    encoded: EncodedRows? = nil
  ) async throws -> UploadedSlices {
    let shape = shape.fitted(to: source.schema)
    var slicer = RowSlicer(shape: shape, schema: source.schema, behind: run)
    let matcher = known.map { SliceMatcher($0, shape: shape, warn: warn) }
    let finished = try await withThrowingTaskGroup(of: UploadStep.self) { tasks in
      var upload = UploadRun(
        self, columnCount: source.schema.fields.count, shape, matcher, epoch: epoch, firstRow: firstRow,
        encoded: encoded)
      while let frame = try await source.next() {
        try Task.checkCancellation()
        for slice in try slicer.add(frame) where slice.rowCount > 0 { try await upload.take(slice, &tasks) }
      }
      if let last = try slicer.finish() { try await upload.take(last, &tasks) }
      return try await upload.finish(&tasks)
    }
    return UploadedSlices(
      schema: source.schema, records: finished.map(\.record), columnsPerGroup: shape.columnsPerGroup,
      shared: known.map { (Set(finished.flatMap(\.shared)), $0) })
  }

  /// One slice, encoded and not yet uploaded.
  func encodedSlice(
    _ rows: DataFrame, epoch: UInt64
  ) async throws -> (record: SliceRecord, blocks: [PendingBlock]) {
    let groups = SliceShape.groups(columnCount: rows.columns.count, columnsPerGroup: shape.columnsPerGroup)
    let place = SlicePlace(of: rows, firstRow: 0)
    let encoded = try await mapConcurrently(Array(groups.enumerated()), limit: concurrency) { group in
      try await encode(
        rows.select(positions: Array(group.element)), group.offset, place, PiecePlace(slice: 0, piece: 0),
        epoch)
    }
    let entry = SliceEntry(
      keys: place.keys, rowCount: place.rowCount, segments: encoded.map(\.block.pointer))
    return (SliceRecord(entry: entry, details: encoded.map(\.detail)), encoded.map(\.block))
  }

  func upload(_ encoded: EncodedGroup) async throws -> UploadedGroup {
    let block = encoded.block
    let shared = await known?.pointer(to: block.pointer, of: encoded.rows, group: encoded.number)
    if shared == nil { try await blocks.put(block) }
    return UploadedGroup(
      place: encoded.place, number: encoded.number, pointer: shared ?? block.pointer,
      isShared: shared != nil, byteCount: block.bytes.count, detail: encoded.detail)
  }

  /// - Parameter encoded: the part's columns, where they are encoded already.
  func encode(
    _ part: DataFrame, as encoded: [EncodedColumn]? = nil, _ number: Int, _ rows: SlicePlace,
    _ place: PiecePlace, _ epoch: UInt64
  ) async throws -> EncodedGroup {
    let columns = if let encoded { encoded } else { try await encoder.encodeConcurrently(part) }
    let segment = try encoder.assemble(columns, of: part, kind: .segment)
    return EncodedGroup(
      place: place, rows: rows, number: number,
      block: PendingBlock(kind: .segment, epoch: epoch, bytes: segment.bytes),
      detail: SegmentDetail.encode(segment.chunks))
  }
}
