import Columnar
import Sterna
import SternaBase

extension JSONValue {
  /// A version as C callers see it.
  init(_ version: VersionInfo) {
    self = [
      "symbol": .string(version.symbol), "version": .int64(Int64(version.version)),
      "time": .int64(version.time.nanosecondsSinceEpoch), "row_count": .int64(Int64(version.rowCount)),
      "byte_count": .int64(Int64(version.byteCount)), "slice_count": .int64(Int64(version.sliceCount)),
      "operation": .string(version.operation), "is_deleted": .bool(version.isDeleted),
    ]
  }

  init(_ snapshot: SnapshotInfo) {
    self = [
      "name": .string(snapshot.name), "time": .int64(snapshot.time.nanosecondsSinceEpoch),
      "symbol_count": .int64(Int64(snapshot.symbolCount)), "metadata": snapshot.metadata ?? .null,
    ]
  }

  init(_ staged: StagedRows) {
    let range = staged.indexRange.map { [JSONValue.int64($0.lowerBound), .int64($0.upperBound)] }
    self = [
      "token": .string(staged.token), "symbol": .string(staged.symbol),
      "time": .int64(staged.time.nanosecondsSinceEpoch), "row_count": .int64(Int64(staged.rowCount)),
      "byte_count": .int64(Int64(staged.byteCount)), "index_range": range.map { .array($0) } ?? .null,
      "metadata": staged.metadata ?? .null,
    ]
  }

  init(_ outcome: CommitOutcome) {
    self =
      switch outcome {
      case .committed(let version):
        ["outcome": .string("committed"), "version": JSONValue(version)]
      case .notCommitted: ["outcome": .string("not_committed"), "version": .null]
      case .unknown: ["outcome": .string("unknown"), "version": .null]
      }
  }

  /// What a read says besides the columns.
  init(_ version: VersionInfo, metadata: JSONValue?, schema: Schema) {
    self = [
      "version": JSONValue(version), "metadata": metadata ?? .null,
      "index": schema.indexField.map { .string($0.name) } ?? .null,
    ]
  }

  init(_ description: SymbolDescription) {
    let columns = description.schema.fields.map { field -> JSONValue in
      [
        "name": .string(field.name), "type": .string(field.type.description),
        "nullable": .bool(field.isNullable),
      ]
    }
    let range = description.indexRange.map { [JSONValue.int64($0.lowerBound), .int64($0.upperBound)] }
    self = [
      "version": JSONValue(description.version), "metadata": description.metadata ?? .null,
      "columns": .array(columns),
      "index": description.schema.indexField.map { .string($0.name) } ?? .null,
      "index_range": range.map { .array($0) } ?? .null,
    ]
  }

  init(_ sizes: LibrarySizes) {
    self = [
      "symbols": .object(
        sizes.symbols.sorted { $0.key < $1.key }.map { .init($0.key, Self.sizes($0.value)) }),
      "rest": Self.sizes(sizes.rest),
    ]
  }

  private static func sizes(_ sizes: [LibrarySizes.Kind: LibrarySizes.Size]) -> JSONValue {
    .object(
      sizes.sorted { $0.key.rawValue < $1.key.rawValue }.map { kind, size in
        .init(kind.rawValue, [.int64(Int64(size.objectCount)), .int64(Int64(size.byteCount))])
      })
  }
}
