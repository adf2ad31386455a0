import Columnar

/// How large row slices and column groups are.
///
/// Objects of 1 to 16 MiB suit S3: smaller ones pay a round trip for little, larger ones cannot be fetched
/// in parallel.
package struct SliceShape: Hashable, Sendable {
  /// Where slices settle; a slice has between half and twice as many rows.
  package var rowCountTarget: Int
  package var columnsPerGroup: Int

  package init(rowCountTarget: Int = 128 << 10, columnsPerGroup: Int = 128) {
    precondition(rowCountTarget > 0 && columnsPerGroup > 0)
    self.rowCountTarget = rowCountTarget
    self.columnsPerGroup = columnsPerGroup
  }

  package var rowCountMin: Int { max(1, rowCountTarget / 2) }
  package var rowCountMax: Int { rowCountTarget * 2 }

  /// The bytes in memory of one slice of one column group, above which slices get fewer rows.
  private static let groupByteCountMax = 64 << 20
  /// Text has no fixed width; this stands for it when sizes are planned.
  private static let variableByteWidth = 16

  /// The shape for a schema: wide frames get shorter slices, so that each object stays in the target range.
  package func fitted(to schema: Schema) -> SliceShape {
    let widths = schema.fields.map { $0.type.byteWidth ?? Self.variableByteWidth }
    let widest =
      stride(from: 0, to: widths.count, by: columnsPerGroup)
      .map { widths[$0..<min($0 + columnsPerGroup, widths.count)].reduce(0, +) }.max() ?? 1
    var fitted = self
    fitted.rowCountTarget = max(1, min(rowCountTarget, Self.groupByteCountMax / max(1, widest)))
    return fitted
  }

  /// The shape for a frame whose texts may be long: their real size decides, where it is above what was
  /// planned.
  func fitted(toTextsOf frame: DataFrame) -> SliceShape {
    guard frame.rowCount > 0 else { return self }
    let texts = frame.columns.filter { $0.type == .utf8 || $0.type == .binary }
    let bytesPerRow = texts.reduce(0) { $0 + $1.memoryByteCount } / frame.rowCount
    var fitted = self
    fitted.rowCountTarget = max(1, min(rowCountTarget, Self.groupByteCountMax / max(1, bytesPerRow)))
    return fitted
  }

  /// The columns of each group.
  package static func groups(columnCount: Int, columnsPerGroup: Int) -> [Range<Int>] {
    stride(from: 0, to: columnCount, by: columnsPerGroup).map {
      $0..<min($0 + columnsPerGroup, columnCount)
    }
  }
}
