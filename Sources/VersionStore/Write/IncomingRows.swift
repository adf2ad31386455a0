import Columnar
import SternaBase

/// New rows as an operation takes them in: the first ones in memory, because what they become depends on
/// what they come behind; the rest, if there is any, uploaded.
struct IncomingRows: Sendable {
  var head: DataFrame
  var slices: UploadedSlices

  /// What the first rows come behind.
  typealias OpenRun = @Sendable () async throws -> RowSlicer.Run

  /// Takes in everything that `source` yields.
  /// - Parameters:
  ///   - tailRowCountMax: rows up to which they may all fit in a tail; `openRun` is asked only for more.
  ///   - uploader: uploads all slices behind the first cut, under `epoch`.
  static func receive(
    _ source: FrameSource, tailRowCountMax: Int, behind openRun: OpenRun, _ uploader: SliceUploader,
    epoch: UInt64
  ) async throws -> IncomingRows {
    let shape = uploader.shape.fitted(to: source.schema)
    let none = UploadedSlices(
      schema: source.schema, records: [], columnsPerGroup: shape.columnsPerGroup)
    var order = RowOrder(schema: source.schema)
    var frames: [DataFrame] = []
    var rowCount = 0
    while rowCount <= tailRowCountMax {
      guard let frame = try await source.next() else {
        return IncomingRows(head: try .concatenating(source.schema, frames), slices: none)
      }
      try Task.checkCancellation()
      try order.check(frame)
      frames.append(frame)
      rowCount += frame.rowCount
    }
    let received = FrameQueue(frames)
    let all = FrameSource(schema: source.schema) {
      if let frame = received.next() { return frame }
      return try await source.next()
    }
    var slicer = RowSlicer(shape: shape, schema: source.schema, behind: try await openRun())
    var pieces: [DataFrame] = []
    while pieces.isEmpty, let frame = try await all.next() { pieces = try slicer.add(frame) }
    guard let head = pieces.first else {
      return IncomingRows(
        head: try .concatenating(source.schema, [try slicer.finish()].compactMap { $0 }), slices: none)
    }
    let behind = FrameQueue(pieces.dropFirst() + [try slicer.finish()].compactMap { $0 })
    let rest = FrameSource(schema: source.schema) {
      if let frame = behind.next() { return frame }
      return try await all.next()
    }
    return IncomingRows(
      head: head, slices: try await uploader.upload(rest, epoch: epoch, firstRow: head.rowCount))
  }
}
