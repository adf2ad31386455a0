import Columnar
import Sterna

/// Versions as columns.
enum VersionTable {
  static func columns(of versions: [VersionInfo]) -> [(String, Column)] {
    [
      ("version", .int64s(versions.map { Int64($0.version) })),
      (
        "time",
        .timestamps(versions.map(\.time.nanosecondsSinceEpoch), unit: .nanosecond, zone: "UTC")
      ),
      ("operation", .strings(versions.map(\.operation))),
      ("rows", .int64s(versions.map { $0.isDeleted ? nil : Int64($0.rowCount) })),
      ("slices", .int64s(versions.map { $0.isDeleted ? nil : Int64($0.sliceCount) })),
      ("bytes", .int64s(versions.map { $0.isDeleted ? nil : Int64($0.byteCount) })),
    ]
  }
}
