import Sterna

/// What an import did.
struct ImportSummary {
  let version: VersionInfo
  let library: String
  let counts: ImportProgress.Counts
  /// Bytes of what was appended to; nil when nobody knows any more.
  let byteCountBefore: Int?

  private var storedByteCount: Int? { byteCountBefore.map { version.byteCount - $0 } }

  /// `imported 250,601 rows into market/SPY as version 0: 2.1 MB, 12 % of 17.9 MB of CSV`
  var line: String {
    let verb = version.operation == "append" ? "appended" : "imported"
    let preposition = version.operation == "append" ? "to" : "into"
    var line =
      "\(verb) \(Quantity.rows(counts.rowCount)) \(preposition) \(library)/\(version.symbol) as version "
      + "\(version.version)"
    if let storedByteCount {
      line += ": \(Quantity.bytes(storedByteCount))"
      if let share = Quantity.percent(storedByteCount, of: counts.textByteCount) {
        line += ", \(share) of \(Quantity.bytes(counts.textByteCount)) of CSV"
      }
    }
    return line
  }

  var record: Record {
    var record = Record()
    record.add("library", library)
    record.add("symbol", version.symbol)
    record.add("version", version.version)
    record.add("rows", counts.rowCount)
    record.add("bytes", storedByteCount.map { .int64(Int64($0)) } ?? .null)
    record.add("csvBytes", counts.textByteCount)
    return record
  }
}
