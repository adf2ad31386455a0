import Columnar
import SternaBase

/// What of some consecutive slices stays where it is when a range of their index values gives way to new
/// rows, and what is encoded again. Pure.
///
///     slices    [ a ][ b            ][ c ][ d         ][ e ]
///     range               |--------------------|
///     run       [ a ][ b ][ new             ][ d      ][ e ]
struct RangeEdit {
  /// Consecutive rows of the new version.
  enum Piece {
    /// Rows of the slice at a position.
    case kept(Int, rows: Range<Int>)
    /// Rows that go to new segments.
    case encoded([Source])
  }

  struct Source {
    /// The position of the slice that has them; nil for the new rows.
    let position: Int?
    let rows: Range<Int>
  }

  private(set) var pieces: [Piece] = []

  /// - Parameters:
  ///   - slices: those that the range touches, and neighbours.
  ///   - newRowCount: rows that take the place of those in the range.
  ///   - index: the index column of a slice that the range cuts.
  init(
    of slices: [SliceEntry], replacing range: ClosedRange<Int64>, newRowCount: Int, _ rules: PartRules,
    index: (SliceEntry) throws(SternaError) -> Column
  ) throws(SternaError) {
    var (before, after): ([Placed], [Placed]) = ([], [])
    var cut: Set<[BlockPointer]> = []
    for (position, slice) in slices.enumerated() {
      guard let keys = slice.keys else {
        throw SternaError(.corrupt, "a slice of a symbol with an index has no index values")
      }
      guard keys.overlaps(range) else {
        let isBefore = keys.last < range.lowerBound
        if isBefore {
          before.append(Placed(slice, position))
        } else {
          after.append(Placed(slice, position))
        }
        continue
      }
      cut.insert(slice.segments)
      if keys.first < range.lowerBound {
        before.append(Placed(slice, position, 0..<(try index(slice).lowerBound(of: range.lowerBound))))
      }
      if keys.last > range.upperBound {
        after.append(
          Placed(slice, position, (try index(slice).upperBound(of: range.upperBound))..<slice.rowCount))
      }
    }
    let new = newRowCount > 0 ? [Placed(stretch: RowStretch(new: 0..<newRowCount), position: nil)] : []
    let placed = (before + new + after).filter { !$0.stretch.rows.isEmpty }
    var run = placed.map(\.stretch)
    rules.apply(to: &run, cutting: cut)
    for (stretch, place) in zip(run, placed) { add(stretch, place.position) }
  }

  private struct Placed {
    let stretch: RowStretch
    /// Nil for new rows.
    let position: Int?

    init(stretch: RowStretch, position: Int?) {
      self.stretch = stretch
      self.position = position
    }

    init(_ slice: SliceEntry, _ position: Int, _ rows: Range<Int>? = nil) {
      self.init(
        stretch: RowStretch(of: slice, rows: rows ?? 0..<slice.rowCount), position: position)
    }
  }

  private mutating func add(_ stretch: RowStretch, _ position: Int?) {
    if !stretch.isEncoded, let position {
      return pieces.append(.kept(position, rows: stretch.rows))
    }
    let source = Source(position: position, rows: stretch.rows)
    if case .encoded(let sources)? = pieces.last {
      pieces[pieces.count - 1] = .encoded(sources + [source])
    } else {
      pieces.append(.encoded([source]))
    }
  }

  /// The slices whose rows are needed to encode them again.
  var positionsToRead: [Int] {
    pieces.flatMap { piece -> [Int] in
      guard case .encoded(let sources) = piece else { return [] }
      return sources.compactMap(\.position)
    }
  }
}
