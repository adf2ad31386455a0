import Columnar
import Sterna
import SternaBase

extension Client {
  /// All that a user can see of the library, but for times and ids: two histories of the same operations are
  /// equal.
  func state() async throws -> JSONValue {
    guard try await store.hasLibrary(libraryName) else { return .null }
    let library = try await library()
    var symbols: [JSONValue.Member] = []
    for name in try await library.symbolNames() {
      var versions: [JSONValue] = []
      for version in try await library.versions(of: name) {
        let digest =
          version.isDeleted
          ? "deleted" : try await library.read(name, asOf: .version(version.version)).frame.digest
        versions.append(.string("\(version.version) \(version.operation) \(digest)"))
      }
      symbols.append(.init(name, .array(versions)))
    }
    var snapshots: [JSONValue.Member] = []
    for snapshot in try await library.listSnapshots() {
      let members = try await library.versions(inSnapshot: snapshot.name)
      var digests: [JSONValue] = []
      for member in members {
        let frame = try await library.read(member.symbol, asOf: .snapshot(snapshot.name)).frame
        digests.append(.string("\(member.symbol) \(member.version) \(frame.digest)"))
      }
      snapshots.append(.init(snapshot.name, .array(digests)))
    }
    let staged = try await library.stagedRows().map { JSONValue.string("\($0.symbol) \($0.rowCount)") }
    return [
      "symbols": .object(symbols), "snapshots": .object(snapshots), "staged": .array(staged),
    ]
  }
}

extension DataFrame {
  /// Of every value, bit for bit.
  var digest: String {
    var writer = ByteWriter()
    for (field, column) in zip(schema.fields, columns) {
      writer.writeString(field.name)
      for row in 0..<rowCount {
        switch column.value(at: row) {
        case .null: writer.write(UInt8(0))
        case .integer(let value), .timestamp(let value, _): writer.write(UInt64(bitPattern: value))
        case .float64(let value): writer.write(value.bitPattern)
        case let other: writer.writeString("\(other)")
        }
      }
    }
    return String(SHA256Digest(hashing: writer.finish()).hex.prefix(16))
  }
}
