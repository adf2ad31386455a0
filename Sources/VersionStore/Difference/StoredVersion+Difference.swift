import Columnar
import SternaBase

extension StoredVersion {
  /// What is different in a later version, of this symbol or another: O(change) in requests and bytes where
  /// the two share blocks.
  package func difference(to new: StoredVersion) async throws -> VersionDifference {
    let (oldSchema, newSchema) = (try await schema(), try await new.schema())
    var difference = VersionDifference(columns: Self.columnChanges(oldSchema, newSchema))
    guard oldSchema.hasSameIndex(as: newSchema) else {
      difference.rows = Self.wholly(content.summary, new.content.summary)
      return difference
    }
    let hasIndex = oldSchema.indexColumn != nil
    let unshared = try await UnsharedSlices.find(
      .init(content: content, blocks: blocks), .init(content: new.content, blocks: new.blocks),
      hasIndex: hasIndex, concurrency: concurrency)
    difference.readSliceCount = unshared.old.count + unshared.new.count
    let columns = Self.commonColumns(oldSchema, newSchema)
    var comparison = RowComparison()
    for region in hasIndex ? unshared.keyRegions() : unshared.rowRegions() {
      comparison.skipShared()
      for rows in region {
        async let before = read(ReadSelection(rows: rows, columns: columns))
        async let after = new.read(ReadSelection(rows: rows, columns: columns))
        if case .numbers(let numbers) = rows {
          comparison.compareByNumber(try await before, try await after, firstRow: numbers.lowerBound)
        } else {
          comparison.compareByIndex(try await before, try await after)
        }
      }
    }
    difference.rows = comparison.list.changes
    return difference
  }

  private static func columnChanges(_ old: Schema, _ new: Schema) -> [VersionDifference.ColumnChange] {
    func types(_ schema: Schema) -> [String: String] {
      Dictionary(schema.fields.map { ($0.name, $0.type.description) }) { first, _ in first }
    }
    let (before, after) = (types(old), types(new))
    let names = old.fields.map(\.name) + new.fields.map(\.name).filter { before[$0] == nil }
    return names.filter { before[$0] != after[$0] }.map {
      VersionDifference.ColumnChange(name: $0, oldType: before[$0], newType: after[$0])
    }
  }

  /// Nil for all: both have the same.
  private static func commonColumns(_ old: Schema, _ new: Schema) -> [String]? {
    if old.hasSameColumns(as: new) { return nil }
    let types = Dictionary(new.fields.map { ($0.name, $0.type) }) { first, _ in first }
    return old.fields.filter { types[$0.name] == $0.type }.map(\.name)
  }

  /// Versions whose rows cannot be told apart by the same index have nothing in common.
  private static func wholly(_ old: SliceSummary, _ new: SliceSummary) -> [VersionDifference.RowChange] {
    func change(_ kind: VersionDifference.Kind, _ of: SliceSummary) -> VersionDifference.RowChange {
      let last = of.keys?.last ?? Int64(of.rowCount) - 1
      return .init(
        kind: kind, first: of.keys?.first ?? 0, last: last, oldRowCount: kind == .removed ? of.rowCount : 0,
        newRowCount: kind == .added ? of.rowCount : 0)
    }
    return [change(.removed, old), change(.added, new)].filter { $0.oldRowCount + $0.newRowCount > 0 }
  }
}

extension Schema {
  fileprivate func hasSameIndex(as other: Schema) -> Bool {
    indexField?.name == other.indexField?.name && indexField?.type == other.indexField?.type
  }
}

extension UnsharedSlices {
  /// Slices whose rows are compared at once, of each version: bounds the memory.
  private static let sliceCountMax = 4

  /// Runs of index values that unshared slices cover, each cut into ranges to be read one after the other.
  func keyRegions() -> [[ReadSelection.Rows]] {
    let keys = (old + new).compactMap(\.keys).sorted { ($0.first, $0.last) < ($1.first, $1.last) }
    return Self.joined(keys.map { $0.first...$0.last }).map { region, ends in
      Self.cut(region, at: ends).map { .keys($0) }
    }
  }

  /// The same by row numbers.
  func rowRegions() -> [[ReadSelection.Rows]] {
    let rows = (old + new).map(\.rows).filter { !$0.isEmpty }
      .map { Int64($0.lowerBound)...Int64($0.upperBound - 1) }
      .sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
    return Self.joined(rows).map { region, ends in
      Self.cut(region, at: ends).map { .numbers(Int($0.lowerBound)..<Int($0.upperBound) + 1) }
    }
  }

  private static func joined(
    _ ranges: [ClosedRange<Int64>]
  ) -> [(ClosedRange<Int64>, ends: [Int64])] {
    var regions: [(ClosedRange<Int64>, ends: [Int64])] = []
    for range in ranges {
      if let last = regions.last, range.lowerBound <= last.0.upperBound {
        let end = max(last.0.upperBound, range.upperBound)
        regions[regions.count - 1] = (last.0.lowerBound...end, last.ends + [range.upperBound])
      } else {
        regions.append((range, [range.upperBound]))
      }
    }
    return regions
  }

  private static func cut(_ region: ClosedRange<Int64>, at ends: [Int64]) -> [ClosedRange<Int64>] {
    let sorted = Set(ends).sorted()
    var start = region.lowerBound
    var ranges: [ClosedRange<Int64>] = []
    for (position, end) in sorted.enumerated()
    where end == region.upperBound || (position + 1).isMultiple(of: sliceCountMax) {
      ranges.append(start...end)
      // Behind the last end there is nothing, so this cannot overflow where it matters.
      start = end &+ 1
    }
    return ranges
  }
}
