import Columnar
import SternaBase

/// Appends and updates of symbols whose columns may change.
extension SymbolStore {
  /// How often the columns may change under a write before it gives up.
  private static let attemptCountMax = 8

  /// Adds rows behind the latest version's; columns that only one side has are null on the other.
  package func appendWidening(
    _ symbol: String, _ frame: DataFrame, metadata: JSONValue? = nil
  ) async throws -> VersionEntry {
    try await widening(symbol, frame, .append, replaced: { nil }, metadata: metadata) {
      try await append(symbol, $0, metadata: metadata)
    }
  }

  /// Puts rows in the place of those of `range`; columns that only one side has are null on the other.
  package func updateWidening(
    _ symbol: String, _ frame: DataFrame, range: ClosedRange<Int64>? = nil, createsSymbol: Bool = false,
    metadata: JSONValue? = nil
  ) async throws -> VersionEntry {
    try await widening(
      symbol, frame, .update, replaced: { try replacedRange(range, of: frame) }, metadata: metadata
    ) {
      try await update(symbol, $0, range: range, createsSymbol: createsSymbol, metadata: metadata)
    }
  }

  private func widening(
    _ symbol: String, _ frame: DataFrame, _ operation: VersionEntry.Operation,
    replaced: () throws -> ClosedRange<Int64>?, metadata: JSONValue?,
    _ writeAsItIs: (DataFrame) async throws -> VersionEntry
  ) async throws -> VersionEntry {
    for attempt in 1... {
      guard let schema = try await latestSchema(of: symbol) else { return try await writeAsItIs(frame) }
      let union = try schema.union(frame.schema)
      if union.hasSameNamesAndTypes(as: schema) {
        do {
          return try await writeAsItIs(frame.widened(to: union))
        } catch let error as SternaError
          where error.code == .schemaMismatch && attempt < Self.attemptCountMax
        {
          // Another writer widened the symbol meanwhile.
          continue
        }
      }
      let blocks = blocks(of: try name(symbol))
      let builder = WideningBuilder(
        operation: operation, frame: frame, replaced: try replaced(),
        metadata: try metadata.map { Bytes(utf8: try $0.serialized()) },
        tree: treeExtension(blocks), concurrency: options.fetchConcurrency)
      return try await commit(builder, blocks, try await base(of: blocks.symbol))
    }
    preconditionFailure("the loop ends by returning or throwing")
  }

  /// Nil for a symbol that does not exist, or has no version left.
  private func latestSchema(of symbol: String) async throws -> Schema? {
    do {
      return try await version(symbol).schema()
    } catch let error as SternaError where error.code == .symbolNotFound || error.code == .versionNotFound {
      return nil
    }
  }
}
