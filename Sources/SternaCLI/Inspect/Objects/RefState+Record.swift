import Columnar
import Sterna
import VersionStore

extension RefState {
  /// What a ref says beside its versions.
  var record: Record {
    var record = Record()
    record.add("symbol", symbol)
    record.add("bytes", encode().count)
    record.add("writeID", writeID.hex)
    record.add("epoch", .int64(Int64(clamping: epoch)))
    record.add("life", .int64(Int64(clamping: life)))
    record.add("deleted", .bool(isDeleted))
    record.add("nextVersion", .int64(Int64(clamping: nextVersion)))
    record.add("liveFrom", .int64(Int64(clamping: liveFrom)))
    record.add("recentVersions", recent.count)
    record.add("history", history.text)
    return record
  }
}

extension [VersionEntry] {
  /// A line a version.
  var columns: [(String, Column)] {
    [
      ("version", .int64s(map { Int64(clamping: $0.number) })),
      ("time", .timestamps(map(\.time), unit: .nanosecond, zone: "UTC")),
      ("operation", .strings(map { String(describing: $0.operation) })),
      ("rows", .int64s(map { ($0.content?.summary.rowCount).map { Int64($0) } })),
      ("slices", .int64s(map { ($0.content?.summary.sliceCount).map { Int64($0) } })),
      ("bytes", .int64s(map { ($0.content?.summary.byteCount).map { Int64($0) } })),
      ("index", .strings(map { $0.content?.root.text ?? "deleted" })),
      ("commitID", .strings(map(\.commitID.hex))),
    ]
  }
}
