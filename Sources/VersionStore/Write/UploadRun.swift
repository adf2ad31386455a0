import Columnar
import SternaBase

/// One upload on its way: a bounded number of tasks that compare, encode and upload slices.
///
///     take ──► match (where a version before is known) ──► encode each column group ──► upload
struct UploadRun {
  typealias Tasks = ThrowingTaskGroup<UploadStep, any Error>

  private let uploader: SliceUploader
  private let groups: [Range<Int>]
  private let matcher: SliceMatcher?
  private let epoch: UInt64
  /// The columns of the first slice, if it has all rows.
  private let encoded: EncodedRows?

  /// The pieces of each slice.
  private var unfinished: [[UnfinishedPiece]] = []
  private var matched: [MatchedSlice] = []
  private var nextRow: Int
  private var (encodingCount, uploadingCount, uploadingByteCount) = (0, 0, 0)

  /// Segments on their way at once: no rows but encoded bytes, which wait for round trips.
  private static let uploadCountMax = 16
  /// Their bytes; one more segment may be above it.
  private static let uploadByteCountMax = 64 << 20

  init(
    _ uploader: SliceUploader, columnCount: Int, _ shape: SliceShape, _ matcher: SliceMatcher?,
    epoch: UInt64, firstRow: Int, encoded: EncodedRows?
  ) {
    self.uploader = uploader
    groups = SliceShape.groups(columnCount: columnCount, columnsPerGroup: shape.columnsPerGroup)
    self.matcher = matcher
    self.epoch = epoch
    nextRow = firstRow
    self.encoded = encoded
  }

  mutating func take(_ slice: DataFrame, _ tasks: inout Tasks) async throws {
    let whole = MatchedSlice(
      whole: slice, SlicePlace(of: slice, firstRow: nextRow), position: unfinished.count)
    nextRow += slice.rowCount
    unfinished.append([])
    guard let matcher, let group = groups.first else { return try await start(whole, &tasks) }
    try await awaitRoom(&tasks)
    encodingCount += 1
    let (uploader, epoch, columns) = (uploader, epoch, columns(of: whole, group))
    tasks.addTask { .matched(try await whole.matched(matcher, group, uploader, epoch, as: columns)) }
    try await startMatched(&tasks)
  }

  mutating func finish(_ tasks: inout Tasks) async throws -> [UnfinishedPiece] {
    while encodingCount + uploadingCount > 0 || !matched.isEmpty {
      try await startMatched(&tasks)
      try await takeStep(&tasks)
    }
    return Array(unfinished.joined())
  }

  private mutating func startMatched(_ tasks: inout Tasks) async throws {
    while !matched.isEmpty { try await start(matched.removeFirst(), &tasks) }
  }

  private mutating func start(_ slice: MatchedSlice, _ tasks: inout Tasks) async throws {
    for piece in slice.pieces {
      switch piece {
      case .kept(let record): unfinished[slice.position].append(.kept(record))
      case .rows(let rows): try await start(rows, of: slice, &tasks)
      }
    }
  }

  /// Encodes rows of a slice that become one piece.
  private mutating func start(_ range: Range<Int>, of slice: MatchedSlice, _ tasks: inout Tasks)
    async throws
  {
    let place = PiecePlace(slice: slice.position, piece: unfinished[slice.position].count)
    let rows = slice.slice.slice(range)
    let rowPlace = SlicePlace(of: rows, firstRow: slice.place.firstRow + range.lowerBound)
    unfinished[slice.position].append(.encoding(UnfinishedRecord(rowPlace, groupCount: groups.count)))
    if let first = slice.firstGroup { startUpload(first, &tasks) }
    for (number, group) in groups.enumerated().dropFirst(slice.firstGroup == nil ? 0 : 1) {
      try await awaitRoom(&tasks)
      encodingCount += 1
      let columns = range.count == slice.slice.rowCount ? columns(of: slice, group) : nil
      let (uploader, epoch) = (uploader, epoch)
      tasks.addTask {
        let part = rows.select(positions: Array(group))
        return .encoded(try await uploader.encode(part, as: columns, number, rowPlace, place, epoch))
      }
    }
  }

  /// The columns of a slice where they are encoded already.
  private func columns(of slice: MatchedSlice, _ group: Range<Int>) -> [EncodedColumn]? {
    slice.position == 0 ? encoded?.columns(group, of: slice.slice) : nil
  }

  private mutating func awaitRoom(_ tasks: inout Tasks) async throws {
    while encodingCount >= uploader.concurrency || uploadingCount >= Self.uploadCountMax
      || uploadingByteCount > Self.uploadByteCountMax
    { try await takeStep(&tasks) }
  }

  private mutating func takeStep(_ tasks: inout Tasks) async throws {
    switch try await tasks.next() {
    case .matched(let slice):
      encodingCount -= 1
      matched.append(slice)
    case .encoded(let group):
      encodingCount -= 1
      startUpload(group, &tasks)
    case .uploaded(let group):
      uploadingCount -= 1
      uploadingByteCount -= group.byteCount
      unfinished[group.place.slice][group.place.piece].add(group)
    case nil: break
    }
  }

  private mutating func startUpload(_ group: EncodedGroup, _ tasks: inout Tasks) {
    uploadingCount += 1
    uploadingByteCount += group.block.bytes.count
    let uploader = uploader
    tasks.addTask { .uploaded(try await uploader.upload(group)) }
  }
}

extension MatchedSlice {
  /// What a whole slice becomes beside the version before: shared where that has the very slice, which is
  /// known by the hash of its first segment; else what of its rows is there.
  fileprivate func matched(
    _ matcher: SliceMatcher, _ group: Range<Int>, _ uploader: SliceUploader, _ epoch: UInt64,
    as columns: [EncodedColumn]?
  ) async throws -> MatchedSlice {
    var whole = self
    let first = try await uploader.encode(
      slice.select(positions: Array(group)), as: columns, 0, place,
      PiecePlace(slice: position, piece: 0), epoch)
    whole.firstGroup = first
    if await uploader.known?.pointer(to: first.block.pointer, of: place, group: 0) != nil {
      matcher.noteShared()
      return whole
    }
    guard let pieces = try await matcher.pieces(of: slice, at: place) else { return whole }
    return MatchedSlice(slice: slice, place: place, position: position, pieces: pieces)
  }
}
