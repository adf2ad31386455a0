/// What is different between two versions.
package struct VersionDifference: Sendable {
  /// A column that only one of the versions has, or that has another type.
  package struct ColumnChange: Hashable, Sendable {
    package var name: String
    /// Nil where the version has no such column.
    package var oldType: String?
    package var newType: String?
  }

  package enum Kind: String, Sendable, CaseIterable {
    case removed, added, changed
  }

  /// Neighbouring rows that are different in the same way.
  package struct RowChange: Hashable, Sendable {
    package var kind: Kind
    /// The first and last index value, or row number.
    package var first: Int64
    package var last: Int64
    package var oldRowCount: Int
    package var newRowCount: Int
  }

  package var columns: [ColumnChange] = []
  package var rows: [RowChange] = []
  /// Slices that had to be read, of both versions; all others are shared or were never looked at.
  package var readSliceCount = 0

  package var isEmpty: Bool { columns.isEmpty && rows.isEmpty }
}

/// Gathers changes in the order of their rows; neighbours of one kind become one.
struct ChangeList {
  private(set) var changes: [VersionDifference.RowChange] = []
  /// False once an unchanged row lies behind the last change.
  private var isOpen = false

  mutating func addUnchanged() { isOpen = false }

  mutating func add(
    _ kind: VersionDifference.Kind, _ keys: ClosedRange<Int64>, oldRowCount: Int, newRowCount: Int
  ) {
    if isOpen, let last = changes.last, last.kind == kind {
      changes[changes.count - 1].last = keys.upperBound
      changes[changes.count - 1].oldRowCount += oldRowCount
      changes[changes.count - 1].newRowCount += newRowCount
    } else {
      changes.append(
        .init(
          kind: kind, first: keys.lowerBound, last: keys.upperBound, oldRowCount: oldRowCount,
          newRowCount: newRowCount))
    }
    isOpen = true
  }
}
