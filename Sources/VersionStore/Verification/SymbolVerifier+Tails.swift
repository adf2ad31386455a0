import Columnar
import SternaBase

extension SymbolVerifier {
  /// Verifies the tails that versions of one schema use, each segment once, and every version's part of it.
  mutating func verifyTails(of holdings: [Holding], _ schema: Schema) async throws {
    var segments: [Tail: Segment?] = [:]
    for holding in holdings {
      guard let use = holding.content.tail else { continue }
      if segments[use.tail] == nil {
        segments[use.tail] = .some(try await verify(use.tail, schema, holding))
      }
      guard case let segment?? = segments[use.tail] else { continue }
      verify(use, in: segment, holding)
    }
  }

  /// The tail's segment, when it can be read and has what the ref says.
  private mutating func verify(
    _ tail: Tail, _ schema: Schema, _ holding: Holding
  ) async throws -> Segment? {
    let key = key(of: tail, holding)
    if case .block(let pointer) = tail.segment, depth < .hashes {
      _ = inspector.reach(pointer, location: holding.location)
      return nil
    }
    guard let bytes = try await load(tail.segment, holding) else { return nil }
    do throws(SternaError) {
      let segment = try Segment(parsing: bytes, subject: "tail")
      if segment.rowCount != tail.rowCount {
        inconsistent(
          "the tail has \(segment.rowCount) rows, the version says \(tail.rowCount)", key, holding.location)
      }
      if !segment.schema.hasSameColumns(as: schema) {
        inconsistent("the tail has other columns than its version", key, holding.location)
      }
      if depth == .data { try verifyStatistics(of: segment, key, holding) }
      return segment
    } catch {
      corrupt("its tail: \(error.message)", key, holding.location)
      return nil
    }
  }

  private mutating func verifyStatistics(
    of segment: Segment, _ key: String, _ holding: Holding
  ) throws(SternaError) {
    for (position, chunk) in segment.chunks.enumerated() {
      let column = try segment.decodeColumn(at: position, verifyingChecksum: true)
      if ColumnStatistics(of: column) != chunk.statistics {
        inconsistent(
          "the statistics of column '\(chunk.field.name)' are not those of its values", key,
          holding.location)
      }
    }
  }

  /// Holds the rows that a version uses against what the version says of them.
  private mutating func verify(_ use: TailUse, in segment: Segment, _ holding: Holding) {
    let key = key(of: use.tail, holding)
    guard use.rowCount <= segment.rowCount else {
      return inconsistent(
        "the version has \(use.rowCount) rows of a tail of \(segment.rowCount)", key, holding.location)
    }
    guard let position = segment.schema.indexColumn else {
      if use.keys != nil { inconsistent("index values without an index", key, holding.location) }
      return
    }
    guard let keys = use.keys else {
      return inconsistent("a tail without its index values", key, holding.location)
    }
    do throws(SternaError) {
      let index = try segment.decodeColumn(at: position, verifyingChecksum: true).slice(0..<use.rowCount)
      if let row = index.firstUnsortedRow {
        inconsistent("the index falls at row \(row) of the tail", key, holding.location)
      }
      let found = KeyRange(first: index.indexValue(at: 0), last: index.indexValue(at: use.rowCount - 1))
      if found != keys { inconsistent("the tail runs over \(found), not \(keys)", key, holding.location) }
    } catch {
      corrupt("its tail: \(error.message)", key, holding.location)
    }
    if let last = holding.content.treeSummary.keys?.last, last > keys.first {
      inconsistent("the tail begins before the tree ends", key, holding.location)
    }
  }

  private func key(of tail: Tail, _ holding: Holding) -> String {
    if case .block(let pointer) = tail.segment { inspector.key(pointer) } else { holding.key }
  }
}
