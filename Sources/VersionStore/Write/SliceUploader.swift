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
  ///   - encoded: the columns of all rows, where they are encoded already: used if they become one slice.
  func upload(
    _ source: FrameSource, epoch: UInt64, firstRow: Int = 0, encoded: EncodedRows? = nil
  ) async throws -> UploadedSlices {
    let shape = shape.fitted(to: source.schema)
    var slicer = RowSlicer(shape: shape, schema: source.schema)
    let groups = SliceShape.groups(
      columnCount: source.schema.fields.count, columnsPerGroup: shape.columnsPerGroup)
    let finished = try await withThrowingTaskGroup(of: Step.self) { tasks in
      var unfinished: [UnfinishedRecord] = []
      var nextRow = firstRow
      var (encoding, uploading, uploadingByteCount) = (0, 0, 0)
      func takeStep() async throws {
        switch try await tasks.next() {
        case .encoded(let encoded):
          encoding -= 1
          uploading += 1
          uploadingByteCount += encoded.block.bytes.count
          tasks.addTask { .uploaded(try await upload(encoded)) }
        case .uploaded(let uploaded):
          uploading -= 1
          uploadingByteCount -= uploaded.byteCount
          unfinished[uploaded.slice].add(uploaded)
        case nil: break
        }
      }
      func start(_ slice: DataFrame) async throws {
        let position = unfinished.count
        let place = SlicePlace(of: slice, firstRow: nextRow)
        nextRow += slice.rowCount
        unfinished.append(UnfinishedRecord(place, groupCount: groups.count))
        for (number, group) in groups.enumerated() {
          while encoding >= concurrency || uploading >= Self.uploadCountMax
            || uploadingByteCount > Self.uploadByteCountMax
          { try await takeStep() }
          encoding += 1
          let columns = encoded.flatMap {
            position == 0 && $0.rowCount == slice.rowCount ? Array($0.columns[group]) : nil
          }
          tasks.addTask {
            let segment = try await encode(slice.select(positions: Array(group)), as: columns)
            return .encoded(
              EncodedGroup(
                slice: position, place: place, number: number,
                block: PendingBlock(kind: .segment, epoch: epoch, bytes: segment.bytes),
                detail: SegmentDetail.encode(segment.chunks)))
          }
        }
      }
      while let frame = try await source.next() {
        try Task.checkCancellation()
        for slice in try slicer.add(frame) { try await start(slice) }
      }
      if let last = try slicer.finish() { try await start(last) }
      while encoding + uploading > 0 { try await takeStep() }
      return unfinished
    }
    return UploadedSlices(
      schema: source.schema, records: finished.map(\.record), columnsPerGroup: shape.columnsPerGroup,
      shared: known.map { (Set(finished.flatMap(\.shared)), $0) })
  }

  private func upload(_ encoded: EncodedGroup) async throws -> UploadedGroup {
    let block = encoded.block
    let shared = await known?.pointer(to: block.pointer, of: encoded.place, group: encoded.number)
    if shared == nil { try await blocks.put(block) }
    return UploadedGroup(
      slice: encoded.slice, number: encoded.number, pointer: shared ?? block.pointer,
      isShared: shared != nil, byteCount: block.bytes.count, detail: encoded.detail)
  }

  private func encode(_ part: DataFrame, as encoded: [EncodedColumn]?) async throws -> EncodedSegment {
    let columns = if let encoded { encoded } else { try await encoder.encodeConcurrently(part) }
    return try encoder.assemble(columns, of: part, kind: .segment)
  }
}

/// How far one segment has come.
private enum Step: Sendable {
  case encoded(EncodedGroup)
  case uploaded(UploadedGroup)
}

/// The segment of one column group of a slice, ready to be uploaded.
private struct EncodedGroup: Sendable {
  let slice: Int
  let place: SlicePlace
  let number: Int
  let block: PendingBlock
  let detail: Bytes
}

/// The segment of one column group of a slice, in the store.
private struct UploadedGroup: Sendable {
  let slice: Int
  let number: Int
  let pointer: BlockPointer
  /// Whether another version has it, so that it was not uploaded.
  let isShared: Bool
  let byteCount: Int
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
