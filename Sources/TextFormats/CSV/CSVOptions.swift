import Columnar

/// How a CSV file is to be understood.
package struct CSVOptions: Hashable, Sendable {
  package var dialect = CSVDialect()
  /// Whether the first line names the columns; without it they are `column_1`, `column_2`, ...
  package var hasHeader = true
  /// Texts that, unquoted, mean null next to the empty field (`NA`, `\N`).
  package var nullTokens: Set<String> = []
  /// The column that becomes the index, read as instants.
  package var timeColumn: String?
  /// What numbers in the time column count.
  package var timeUnit = EpochUnit.automatic
  /// Types by column name, for those that are not to be inferred.
  package var types: [String: DataType] = [:]
  /// Types by column name for those columns that are there: what is known of the data from elsewhere.
  package var expectedTypes: [String: DataType] = [:]
  /// What types are inferred from: the first rows, up to either limit.
  package var sampleRowLimit = 100_000
  package var sampleByteLimit = 16 << 20
  /// A batch ends with either limit.
  package var batchRowLimit = 131_072
  package var batchByteLimit = 64 << 20
  /// A longer row is refused: it is most likely a quote that is never closed.
  package var rowByteLimit = 64 << 20

  package init() {}
}
