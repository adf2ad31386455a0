import Columnar
import SternaBase

/// Checks that batches of rows have one schema and continue in the order of their index.
struct RowOrder {
  let schema: Schema
  private(set) var lastKey: Int64?

  init(schema: Schema) { self.schema = schema }

  /// - Throws: `schemaMismatch`, `unsortedIndex`.
  mutating func check(_ frame: DataFrame) throws(SternaError) {
    guard frame.schema.hasSameColumns(as: schema) else {
      throw SternaError(.schemaMismatch, "a batch of the data has other columns than the first one")
    }
    guard let index = frame.index, frame.rowCount > 0 else { return }
    let name = frame.schema.indexField?.name ?? ""
    let advice = "Sort the data by '\(name)' before writing it."
    if index.nullCount > 0 {
      throw SternaError(
        .unsortedIndex, "index column '\(name)' contains null", advice: "Drop or fill those rows.")
    }
    if let row = index.firstUnsortedRow {
      throw SternaError(.unsortedIndex, "index column '\(name)' falls at row \(row)", advice: advice)
    }
    if let lastKey, index.indexValue(at: 0) < lastKey {
      throw SternaError(.unsortedIndex, "index column '\(name)' falls between two batches", advice: advice)
    }
    lastKey = index.indexValue(at: frame.rowCount - 1)
  }
}
