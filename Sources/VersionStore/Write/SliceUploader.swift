import Columnar
import SternaBase

/// Encodes a stream of frames into segments and uploads them, several at once, in bounded memory.
struct SliceUploader: Sendable {
  let blocks: BlockStore
  var shape: SliceShape
  let encoder: SegmentEncoder
  /// Segments that are encoded at once, each of which keeps its rows in memory.
  let concurrency: Int
  /// What need not be uploaded, because a version that the commit builds on has it.
  var known: KnownSegments?

  /// Segments on their way at once: no rows but encoded bytes, which wait for round trips.
  private static let uploadCountMax = 16
  /// Their bytes; one more segment may be above it.
  private static let uploadByteCountMax = 64 << 20

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
    let groups = SliceShape.groups(
      columnCount: source.schema.fields.count, columnsPerGroup: shape.columnsPerGroup)
    let matcher = known.map { SliceMatcher($0, shape: shape) }
    let finished = try await withThrowingTaskGroup(of: UploadStep.self) { tasks in
      var unfinished: [[UnfinishedPiece]] = []
      var matched: [MatchedSlice] = []
      var nextRow = firstRow
      var (encoding, uploading, uploadingByteCount) = (0, 0, 0)
      func startUpload(_ encoded: EncodedGroup) {
        uploading += 1
        uploadingByteCount += encoded.block.bytes.count
        tasks.addTask { .uploaded(try await upload(encoded)) }
      }
      func takeStep() async throws {
        switch try await tasks.next() {
        case .matched(let slice):
          encoding -= 1
          matched.append(slice)
        case .encoded(let encoded):
          encoding -= 1
          startUpload(encoded)
        case .uploaded(let uploaded):
          uploading -= 1
          uploadingByteCount -= uploaded.byteCount
          unfinished[uploaded.place.slice][uploaded.place.piece].add(uploaded)
        case nil: break
        }
      }
      func awaitRoom() async throws {
        while encoding >= concurrency || uploading >= Self.uploadCountMax
          || uploadingByteCount > Self.uploadByteCountMax
        { try await takeStep() }
      }
      func start(_ matched: MatchedSlice) async throws {
        for piece in matched.pieces {
          let place = PiecePlace(slice: matched.position, piece: unfinished[matched.position].count)
          guard case .rows(let range) = piece else {
            if case .kept(let record) = piece { unfinished[matched.position].append(.kept(record)) }
            continue
          }
          let rows = matched.slice.slice(range)
          let rowPlace = SlicePlace(of: rows, firstRow: matched.place.firstRow + range.lowerBound)
          unfinished[matched.position].append(
            .encoding(UnfinishedRecord(rowPlace, groupCount: groups.count)))
          if let first = matched.firstGroup { startUpload(first) }
          for (number, group) in groups.enumerated().dropFirst(matched.firstGroup == nil ? 0 : 1) {
            try await awaitRoom()
            encoding += 1
            let columns = place.slice == 0 ? encoded?.columns(group, of: rows) : nil
            tasks.addTask {
              let part = rows.select(positions: Array(group))
              return .encoded(try await encode(part, as: columns, number, rowPlace, place, epoch))
            }
          }
        }
      }
      func startMatched() async throws {
        while !matched.isEmpty { try await start(matched.removeFirst()) }
      }
      func take(_ slice: DataFrame) async throws {
        let place = SlicePlace(of: slice, firstRow: nextRow)
        nextRow += slice.rowCount
        let position = unfinished.count
        unfinished.append([])
        guard let matcher, let group = groups.first else {
          return try await start(MatchedSlice(whole: slice, place, position: position))
        }
        try await awaitRoom()
        encoding += 1
        tasks.addTask { .matched(try await match(slice, place, position, group, matcher, epoch)) }
        try await startMatched()
      }
      while let frame = try await source.next() {
        try Task.checkCancellation()
        for slice in try slicer.add(frame) where slice.rowCount > 0 { try await take(slice) }
      }
      if let last = try slicer.finish() { try await take(last) }
      while encoding + uploading > 0 || !matched.isEmpty {
        try await startMatched()
        try await takeStep()
      }
      return unfinished.joined()
    }
    return UploadedSlices(
      schema: source.schema, records: finished.map(\.record), columnsPerGroup: shape.columnsPerGroup,
      shared: known.map { (Set(finished.flatMap(\.shared)), $0) })
  }

  /// What a slice becomes beside the version before: shared where that has the very slice, which is known
  /// by the hash of its first segment; else what of its rows is there.
  private func match(
    _ slice: DataFrame, _ place: SlicePlace, _ position: Int, _ group: Range<Int>,
    _ matcher: SliceMatcher, _ epoch: UInt64
  ) async throws -> MatchedSlice {
    var whole = MatchedSlice(whole: slice, place, position: position)
    let first = try await encode(
      slice.select(positions: Array(group)), 0, place, PiecePlace(slice: position, piece: 0), epoch)
    whole.firstGroup = first
    if await known?.pointer(to: first.block.pointer, of: place, group: 0) != nil {
      matcher.noteShared()
      return whole
    }
    guard let pieces = try await matcher.pieces(of: slice, at: place) else { return whole }
    return MatchedSlice(slice: slice, place: place, position: position, pieces: pieces)
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

  private func upload(_ encoded: EncodedGroup) async throws -> UploadedGroup {
    let block = encoded.block
    let shared = await known?.pointer(to: block.pointer, of: encoded.rows, group: encoded.number)
    if shared == nil { try await blocks.put(block) }
    return UploadedGroup(
      place: encoded.place, number: encoded.number, pointer: shared ?? block.pointer,
      isShared: shared != nil, byteCount: block.bytes.count, detail: encoded.detail)
  }

  /// - Parameter encoded: the part's columns, where they are encoded already.
  private func encode(
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
