import Columnar
import SternaBase

/// Pieces that are to become one version: in which order, of which columns. Pure.
struct StagedBatch: Sendable {
  /// In the order of their rows.
  let pieces: [Loaded]
  /// Of all pieces together.
  let schema: Schema

  /// A piece whose schema was read.
  struct Loaded: Sendable {
    let piece: StagedPiece
    let schema: Schema

    var content: VersionContent { piece.content }
  }

  /// - Parameter merges: whether rows of different pieces may come to stand between one another.
  /// - Throws: `schemaMismatch`; `unsortedIndex` where pieces overlap, unless they are merged;
  ///   `invalidArgument` for a merge without an index.
  init(_ loaded: [Loaded], merges: Bool) throws(SternaError) {
    guard var schema = loaded.first?.schema else { preconditionFailure("a commit of no pieces") }
    do {
      for piece in loaded.dropFirst() { schema = try AppendCompatibility.joined(schema, piece.schema) }
    } catch {
      throw SternaError(
        error.code, "the staged pieces do not go together: \(error.message)",
        advice: "Give all pieces the same columns and types.")
    }
    self.schema = schema
    guard let index = schema.indexField else {
      if merges {
        throw SternaError(
          .invalidArgument, "the pieces have no index to merge their rows by",
          advice: "Commit them one behind the other, or stage them with an index.")
      }
      pieces = loaded
      return
    }
    // Pieces without rows come nowhere; of equal ones the order given decides.
    let sorted = loaded.enumerated().sorted { left, right in
      let (first, second) = (left.element.content.summary.keys, right.element.content.summary.keys)
      return (first?.first ?? .min, first?.last ?? .min, left.offset)
        < (second?.first ?? .min, second?.last ?? .min, right.offset)
    }
    pieces = sorted.map(\.element)
    if !merges { try requireDisjoint(index) }
  }

  private func requireDisjoint(_ index: Field) throws(SternaError) {
    var end: Int64?
    for keys in pieces.compactMap(\.content.summary.keys) {
      if let end, keys.first < end {
        throw SternaError(
          .unsortedIndex,
          "a staged piece starts at \(index.type.indexText(keys.first)) of '\(index.name)', before the end "
            + "of another at \(index.type.indexText(end))",
          advice: "Merge the pieces by their index, or commit fewer of them.")
      }
      end = keys.last
    }
  }

  /// Whether the pieces' segments can stand in the version as they are. Where not, the rows are read and
  /// cut anew: pieces that lie across one another, cut for other column groups, or so small that a version
  /// of them would be slow to read for ever.
  func canShareSegments(shape: SliceShape) -> Bool {
    let shape = shape.fitted(to: schema)
    guard pieces.allSatisfy({ $0.content.columnsPerGroup == shape.columnsPerGroup }) else { return false }
    let ranges = pieces.compactMap(\.content.summary.keys)
    guard zip(ranges, ranges.dropFirst()).allSatisfy({ $0.last <= $1.first }) else { return false }
    let summaries = pieces.map(\.content.summary)
    let sliceCount = summaries.reduce(0) { $0 + $1.sliceCount }
    return sliceCount <= 1 || summaries.reduce(0) { $0 + $1.rowCount } / sliceCount >= shape.rowCountMin
  }
}
