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
    var before: UnsharedSlices.Region?
    for region in unshared.regions(hasIndex: hasIndex) {
      if before.map(region.isApart) ?? false { comparison.skipShared() }
      before = region
      for part in region.parts {
        try await compare(part, with: new, columns, hasIndex: hasIndex, &comparison)
      }
    }
    difference.rows = comparison.list.changes
    return difference
  }

  private func compare(
    _ part: ClosedRange<Int64>, with new: StoredVersion, _ columns: [String]?, hasIndex: Bool,
    _ comparison: inout RowComparison
  ) async throws {
    let numbers = hasIndex ? 0..<0 : Int(part.lowerBound)..<Int(part.upperBound) + 1
    let selection = ReadSelection(rows: hasIndex ? .keys(part) : .numbers(numbers), columns: columns)
    async let reading = read(selection)
    let after = try await new.read(selection)
    let before = try await reading
    if hasIndex {
      comparison.compareByIndex(before, after)
    } else {
      comparison.compareByNumber(before, after, firstRow: numbers.lowerBound)
    }
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

  /// Consecutive index values, or row numbers, that unshared slices cover.
  struct Region {
    var range: ClosedRange<Int64>
    /// Where slices end, by which the region is read piece by piece.
    var ends: [Int64]
    /// The rows of each version's slices.
    var old: Range<Int>?
    var new: Range<Int>?

    /// Whether shared slices may lie between another region and this one.
    func isApart(from before: Region) -> Bool {
      func isAdjacent(_ left: Range<Int>?, _ right: Range<Int>?) -> Bool {
        left.map { $0.upperBound == right?.lowerBound } ?? false
      }
      return !isAdjacent(before.old, old) && !isAdjacent(before.new, new)
    }

    /// What is read at once.
    var parts: [ClosedRange<Int64>] {
      let sorted = Set(ends).sorted()
      var start = range.lowerBound
      var parts: [ClosedRange<Int64>] = []
      for (position, end) in sorted.enumerated()
      where end == range.upperBound || (position + 1).isMultiple(of: sliceCountMax) {
        parts.append(start...end)
        // Behind the last end there is nothing, so this cannot overflow where it matters.
        start = end &+ 1
      }
      return parts
    }
  }

  /// - Parameter hasIndex: by index values, else by row numbers.
  func regions(hasIndex: Bool) -> [Region] {
    func regions(_ places: [Place], isNew: Bool) -> [Region] {
      places.filter { !$0.rows.isEmpty }.compactMap { place in
        let range: ClosedRange<Int64>? =
          hasIndex
          ? place.keys.map { $0.first...$0.last }
          : Int64(place.rows.lowerBound)...Int64(place.rows.upperBound - 1)
        return range.map {
          Region(
            range: $0, ends: [$0.upperBound], old: isNew ? nil : place.rows, new: isNew ? place.rows : nil)
        }
      }
    }
    let all = (regions(old, isNew: false) + regions(new, isNew: true)).sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    return all.reduce(into: []) { joined, region in
      guard let last = joined.last, region.range.lowerBound <= last.range.upperBound else {
        return joined.append(region)
      }
      let end = max(last.range.upperBound, region.range.upperBound)
      joined[joined.count - 1] = Region(
        range: last.range.lowerBound...end, ends: last.ends + region.ends,
        old: Self.span(last.old, region.old), new: Self.span(last.new, region.new))
    }
  }

  private static func span(_ left: Range<Int>?, _ right: Range<Int>?) -> Range<Int>? {
    guard let left, let right else { return left ?? right }
    return min(left.lowerBound, right.lowerBound)..<max(left.upperBound, right.upperBound)
  }
}
