import Columnar
import SternaBase
import Synchronization

/// Finds the rows of a new slice in the slices that the version before has in its place.
///
///     before    [ a                                 ]
///     new       [ a's first rows | x | a's last rows ]      uploaded is x alone
///
/// Rows are compared bit for bit: the slices of the version before are read for that.
final class SliceMatcher: Sendable {
  private let known: KnownSegments
  private let rules: PartRules
  /// Of the slices that are written.
  private let columnsPerGroup: Int
  /// Rows of segments that are read for one slice, at most.
  private let rowCountMax: Int
  private let chances = Mutex(SliceMatcher.chanceCount)
  private let warn: @Sendable (String) -> Void
  private let hasWarned = Mutex(false)

  /// Slices in which nothing may be found before the search ends: for data that is new throughout the old
  /// is not worth reading. Each slice that was there gives another chance.
  private static let chanceCount = 4
  private static let readConcurrency = 4

  /// What part of a slice becomes.
  enum Piece: Sendable {
    /// It is there already.
    case kept(SliceRecord)
    /// Rows of the slice, to be encoded.
    case rows(Range<Int>)
  }

  init(_ known: KnownSegments, shape: SliceShape, warn: @escaping @Sendable (String) -> Void) {
    self.known = known
    self.warn = warn
    rules = PartRules(shape)
    columnsPerGroup = shape.columnsPerGroup
    rowCountMax = 3 * shape.rowCountMax
  }

  /// Takes down that the version before has a slice as it is.
  func noteShared() { chances.withLock { $0 += 1 } }

  /// The pieces of a slice, in order; nil when too little of it is there to be worth it.
  ///
  /// What cannot be read is not known: a rewrite is also how a damaged symbol is mended. It is warned of.
  func pieces(of slice: DataFrame, at place: SlicePlace) async throws -> [Piece]? {
    let hasChance = chances.withLock { chances in
      guard chances > 0 else { return false }
      chances -= 1
      return true
    }
    guard hasChance else { return nil }
    do {
      guard let pieces = try await match(slice, place) else { return nil }
      chances.withLock { $0 += 2 }
      return pieces
    } catch {
      try Task.checkCancellation()
      warnOnce(SternaError(wrapping: error))
      return nil
    }
  }

  private func warnOnce(_ error: SternaError) {
    let isFirst = hasWarned.withLock { hasWarned in
      defer { hasWarned = true }
      return !hasWarned
    }
    guard isFirst else { return }
    let place = "version \(known.entry.number) of symbol '\(known.blocks.symbol.text)'"
    warn("Rows are written anew where \(place) cannot be read: " + error.message)
  }

  private func match(_ slice: DataFrame, _ place: SlicePlace) async throws -> [Piece]? {
    let found = try await known.slices(over: place)
    let entries = found.map(\.entry)
    guard let first = found.first, found.count <= PartRules.fragmentCountMax + 2,
      Self.segmentRowCounts(of: entries).sum(isAtMost: rowCountMax),
      known.content.columnsPerGroup == columnsPerGroup
    else { return nil }
    let schema = try Schema(encoded: try await known.content.schema.load(from: known.blocks))
    guard schema.hasSameColumns(as: slice.schema) else { return nil }
    guard let (region, common) = try await compare(slice, place, entries, schema, firstRow: first.firstRow)
    else { return nil }
    var (run, sources) = Self.stretches(of: entries, region, common, rowCount: slice.rowCount)
    rules.apply(to: &run, cutting: Set(entries.map(\.segments)))
    let encodedCount = run.reduce(0) { $0 + ($1.isEncoded ? $1.rows.count : 0) }
    guard encodedCount <= slice.rowCount / 2 else { return nil }
    let records = try await known.records(of: found)
    return Self.pieces(of: slice, run, sources.map { $0.map { records[$0] } })
  }

  /// Compares a slice with what is in its place, one column group after the other: bounds the memory, and
  /// ends as soon as there is too little to keep.
  private func compare(
    _ slice: DataFrame, _ place: SlicePlace, _ entries: [SliceEntry], _ schema: Schema, firstRow: Int
  ) async throws -> (region: Range<Int>, common: RowMatch)? {
    var groups = SliceShape.groups(columnCount: schema.fields.count, columnsPerGroup: columnsPerGroup)
    // The index says which rows are to be compared.
    let first = groups.firstIndex { schema.indexColumn.map($0.contains) ?? true } ?? 0
    if !groups.isEmpty { groups.swapAt(0, first) }
    var found: (region: Range<Int>, common: RowMatch)?
    for group in groups {
      let plan = ReadPlan(
        schema: schema, columnsPerGroup: columnsPerGroup, wholeSlices: entries, columns: Array(group))
      let old = try await FrameReader(blocks: known.blocks, concurrency: Self.readConcurrency).read(plan)
      let region = found?.region ?? Self.region(of: slice, place, in: old, firstRow: firstRow)
      var common = found?.common ?? RowMatch(rowCounts: slice.rowCount, region.count)
      common.narrow(Array(slice.columns[group]), old.columns.map { $0.slice(region) })
      found = (region, common)
      guard common.prefixCount + common.suffixCount >= slice.rowCount / 2 else { return nil }
    }
    return found
  }

  /// Of each segment once.
  private static func segmentRowCounts(of entries: [SliceEntry]) -> [Int] {
    var seen: Set<[BlockPointer]> = []
    return entries.filter { seen.insert($0.segments).inserted }.map(\.segmentRowCount)
  }

  /// The rows of the version before that stand where the slice's do.
  private static func region(
    of slice: DataFrame, _ place: SlicePlace, in old: DataFrame, firstRow: Int
  ) -> Range<Int> {
    if let keys = place.keys, let index = old.index {
      let lower = index.lowerBound(of: keys.first)
      return lower..<max(lower, index.upperBound(of: keys.last))
    }
    let lower = min(max(0, place.firstRow - firstRow), old.rowCount)
    return lower..<min(lower + slice.rowCount, old.rowCount)
  }

  /// The slice's rows in order, and which entry has them.
  private static func stretches(
    of entries: [SliceEntry], _ region: Range<Int>, _ common: RowMatch, rowCount: Int
  ) -> (run: [RowStretch], sources: [Int?]) {
    var run: [RowStretch] = []
    var sources: [Int?] = []
    func keep(_ kept: Range<Int>) {
      var start = 0
      for (position, entry) in entries.enumerated() {
        let rows = kept.clamped(to: start..<(start + entry.rowCount))
        if !rows.isEmpty {
          run.append(RowStretch(of: entry, rows: (rows.lowerBound - start)..<(rows.upperBound - start)))
          sources.append(position)
        }
        start += entry.rowCount
      }
    }
    keep(region.lowerBound..<(region.lowerBound + common.prefixCount))
    let new = common.prefixCount..<(rowCount - common.suffixCount)
    if !new.isEmpty {
      run.append(RowStretch(new: new))
      sources.append(nil)
    }
    keep((region.upperBound - common.suffixCount)..<region.upperBound)
    return (run, sources)
  }

  private static func pieces(
    of slice: DataFrame, _ run: [RowStretch], _ records: [SliceRecord?]
  ) -> [Piece] {
    var pieces: [Piece] = []
    var row = 0
    for (stretch, record) in zip(run, records) {
      let rows = row..<(row + stretch.rows.count)
      row = rows.upperBound
      if !stretch.isEncoded, let record {
        // The rows are equal, so their keys are.
        pieces.append(.kept(record.part(stretch.rows, keys: slice.keys(of: rows))))
      } else if case .rows(let before)? = pieces.last {
        pieces[pieces.count - 1] = .rows(before.lowerBound..<rows.upperBound)
      } else {
        pieces.append(.rows(rows))
      }
    }
    return pieces
  }
}

extension DataFrame {
  /// The first and last index value of some rows; nil without an index.
  /// - Precondition: there are rows.
  func keys(of rows: Range<Int>) -> KeyRange? {
    index.map {
      KeyRange(first: $0.indexValue(at: rows.lowerBound), last: $0.indexValue(at: rows.upperBound - 1))
    }
  }
}
