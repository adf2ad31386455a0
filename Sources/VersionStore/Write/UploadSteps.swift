import Columnar
import SternaBase

/// How far one segment has come.
enum UploadStep: Sendable {
  case matched(MatchedSlice)
  case encoded(EncodedGroup)
  case uploaded(UploadedGroup)
}

/// A slice and what becomes of it.
struct MatchedSlice: Sendable {
  let slice: DataFrame
  let place: SlicePlace
  /// Among all slices.
  let position: Int
  let pieces: [SliceMatcher.Piece]
  /// Of a slice that is one piece: its first group, if it was encoded to see whether it is known.
  var firstGroup: EncodedGroup?

  init(slice: DataFrame, place: SlicePlace, position: Int, pieces: [SliceMatcher.Piece]) {
    self.slice = slice
    self.place = place
    self.position = position
    self.pieces = pieces
  }

  init(whole slice: DataFrame, _ place: SlicePlace, position: Int) {
    self.init(slice: slice, place: place, position: position, pieces: [.rows(0..<slice.rowCount)])
  }
}

/// Which piece of which slice.
struct PiecePlace: Sendable {
  let slice: Int
  let piece: Int
}

/// The segment of one column group of a piece, ready to be uploaded.
struct EncodedGroup: Sendable {
  let place: PiecePlace
  let rows: SlicePlace
  let number: Int
  let block: PendingBlock
  let detail: Bytes
}

/// The segment of one column group of a piece, in the store.
struct UploadedGroup: Sendable {
  let place: PiecePlace
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

  /// The numbers of the rows in their version.
  var rows: Range<Int> { firstRow..<(firstRow + rowCount) }
}

/// The record of a slice whose column groups arrive in any order.
struct UnfinishedRecord {
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

/// A piece of a slice on its way to its record.
enum UnfinishedPiece {
  case kept(SliceRecord)
  case encoding(UnfinishedRecord)

  mutating func add(_ group: UploadedGroup) {
    guard case .encoding(var record) = self else { return }
    record.add(group)
    self = .encoding(record)
  }

  /// - Precondition: all groups were added.
  var record: SliceRecord {
    switch self {
    case .kept(let record): record
    case .encoding(let unfinished): unfinished.record
    }
  }

  /// Segments that were not uploaded.
  var shared: [BlockName] {
    switch self {
    case .kept(let record): record.entry.segments.map { BlockName($0) }
    case .encoding(let unfinished): unfinished.shared
    }
  }
}
