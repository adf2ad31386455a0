import Columnar
import SternaBase

/// The rows of several pieces in the order of their index, as a stream: in bounded memory, as long as not
/// all pieces lie across one another.
///
///     piece A   |=====|=====|=====|
///     piece B         |=====|=====|
///     piece C                          |=====|      not opened before it is its turn
///                       ^ limit: the least of the last keys of what is open
///
/// In each round all rows up to the limit are given out: nothing that comes later belongs before them. Rows
/// of equal index stay in the order of their piece.
///
/// - Invariant: one call at a time.
final class SortedMerge: @unchecked Sendable {
  /// A piece before it is opened.
  struct Input: Sendable {
    let firstKey: Int64
    let open: @Sendable () async throws -> FrameScan
  }

  /// An open piece: what is left of its current frame.
  fileprivate struct Run {
    var rest: DataFrame
    var frames: FrameScan.Iterator
  }

  private var waiting: ArraySlice<Input>
  private var runs: [Run] = []
  private let hasIndex: Bool

  /// - Parameters:
  ///   - inputs: sorted by their first key.
  ///   - hasIndex: without one the pieces come one behind the other.
  init(_ inputs: [Input], hasIndex: Bool = true) {
    waiting = inputs[...]
    self.hasIndex = hasIndex
  }

  /// The next rows, or nil at the end.
  func next() async throws -> DataFrame? {
    if runs.isEmpty { try await openNext() }
    while hasIndex, let limit = runs.map(\.lastKey).min(), let first = waiting.first,
      first.firstKey <= limit
    {
      try await openNext()
    }
    guard let limit = runs.map(\.lastKey).min() else {
      return waiting.isEmpty ? nil : try await next()
    }
    // A frame may end among rows of one index value: what comes of them in the next frame belongs before
    // the rows of later pieces.
    if hasIndex {
      for position in runs.indices { try await runs[position].extend(behind: limit) }
    }
    var parts: [DataFrame] = []
    for position in runs.indices {
      let (part, rest) = runs[position].split(behind: limit)
      runs[position].rest = rest
      if part.rowCount > 0 { parts.append(part) }
    }
    try await refill()
    guard parts.count > 1 else { return parts.first }
    return try Self.merged(parts)
  }

  private func openNext() async throws {
    guard let input = waiting.popFirst() else { return }
    var frames = try await input.open().makeAsyncIterator()
    if let first = try await frames.next() { runs.append(Run(rest: first, frames: frames)) }
  }

  private func refill() async throws {
    var kept: [Run] = []
    for var run in runs {
      if run.rest.rowCount == 0 {
        guard let next = try await run.frames.next() else { continue }
        run.rest = next
      }
      kept.append(run)
    }
    runs = kept
  }

  private static func merged(_ parts: [DataFrame]) throws(SternaError) -> DataFrame {
    // As one frame without an index, for until they are sorted its rows fall.
    let loose = try DataFrame.concatenating(parts.map(\.withoutIndex))
    guard let position = parts[0].schema.indexColumn else {
      preconditionFailure("a merge without an index")
    }
    let sorted = loose.gathering(DataFrame.order(of: loose.columns[position]))
    return DataFrame(schema: parts[0].schema, columns: sorted.columns, rowCount: sorted.rowCount)
  }
}

extension SortedMerge.Run {
  /// - Invariant: a run always has rows.
  fileprivate var lastKey: Int64 { rest.index?.indexValue(at: rest.rowCount - 1) ?? .max }

  /// Takes in more frames, until one reaches behind the limit.
  fileprivate mutating func extend(behind limit: Int64) async throws {
    while lastKey <= limit, let next = try await frames.next() {
      if next.rowCount > 0 { rest = try DataFrame.concatenating([rest, next]) }
    }
  }

  fileprivate func split(behind limit: Int64) -> (DataFrame, DataFrame) {
    let end = rest.index?.upperBound(of: limit) ?? rest.rowCount
    return (rest.slice(0..<end), rest.slice(end..<rest.rowCount))
  }
}

extension DataFrame {
  fileprivate var withoutIndex: DataFrame {
    DataFrame(schema: Schema(schema.fields), columns: columns, rowCount: rowCount)
  }
}
