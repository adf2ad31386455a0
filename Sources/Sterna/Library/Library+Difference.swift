import SternaBase
import VersionStore

/// What is different between two versions.
public struct SymbolDifference: Sendable {
  /// A column that only one version has, or that has another type.
  public struct ColumnChange: Hashable, Sendable {
    public let name: String
    /// Nil where the version has no such column.
    public let oldType: String?
    public let newType: String?
  }

  /// Neighbouring rows that are different in the same way.
  public struct RowChange: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable { case removed, added, changed }

    public let kind: Kind
    /// The first and last index value; without an index, row numbers.
    public let first: Int64
    public let last: Int64
    public let oldRowCount: Int
    public let newRowCount: Int
  }

  public let old: VersionInfo
  public let new: VersionInfo
  /// How index values read as text; nil when rows are named by number.
  public let index: Field?
  public let columns: [ColumnChange]
  /// In the order of the rows.
  public let rows: [RowChange]
  /// Slices that had to be read of both versions: those that they do not share.
  public let readSliceCount: Int

  public var isEmpty: Bool { columns.isEmpty && rows.isEmpty }
}

extension Library {
  /// What changed between two versions of a symbol, or from a symbol to another.
  ///
  /// Rows of one index value are compared as a whole. What both versions share is not read, so that the
  /// difference of two versions of a large symbol costs what was changed.
  ///
  /// - Parameter otherSymbol: whose version `new` is; nil for the same symbol.
  /// - Throws: `symbolNotFound`, `versionNotFound`, `versionPruned`, `corrupt`.
  public func difference(
    of symbol: String, from old: AsOf, to new: AsOf = .latest, in otherSymbol: String? = nil
  ) async throws(SternaError) -> SymbolDifference {
    try await reporting {
      let before = try await symbols.version(symbol, old.selector)
      let after = try await symbols.version(otherSymbol ?? symbol, new.selector)
      let difference = try await before.difference(to: after)
      return SymbolDifference(
        old: VersionInfo(symbol: symbol, before.entry),
        new: VersionInfo(symbol: otherSymbol ?? symbol, after.entry),
        index: try await before.schema().indexField, difference)
    }
  }
}

extension SymbolDifference {
  fileprivate init(
    old: VersionInfo, new: VersionInfo, index: Field?, _ difference: VersionDifference
  ) {
    self.old = old
    self.new = new
    self.index = index
    columns = difference.columns.map {
      ColumnChange(name: $0.name, oldType: $0.oldType, newType: $0.newType)
    }
    rows = difference.rows.map {
      let kind: RowChange.Kind =
        switch $0.kind {
        case .removed: .removed
        case .added: .added
        case .changed: .changed
        }
      return RowChange(
        kind: kind, first: $0.first, last: $0.last, oldRowCount: $0.oldRowCount, newRowCount: $0.newRowCount
      )
    }
    readSliceCount = difference.readSliceCount
  }
}
