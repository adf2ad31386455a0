import Columnar
import Sterna
import SternaBase
import TestSupport

extension Client {
  typealias Answer = [JSONValue.Member]

  /// What a command can name, and how it is done.
  static let operations: [String: @Sendable (Client, JSONValue) async throws -> Answer] = [
    "createLibrary": { client, _ in
      [.init("made", .bool(try await client.store.createLibrary(client.libraryName)))]
    },
    "write": { try await made($0.library().write($1.text("symbol"), $1.frame())) },
    "append": { try await made($0.library().append($1.text("symbol"), $1.frame())) },
    "update": { try await made($0.library().update($1.text("symbol"), $1.frame())) },
    "deleteRows": { try await made($0.library().deleteRows(of: $1.text("symbol"), time: $1.timeRange())) },
    "writeMetadata": { try await made($0.library().writeMetadata($1.text("symbol"), ["note": "é"])) },
    "restore": { client, command in
      let version = AsOf.version(try command.number("version"))
      return try await made(client.library().restore(command.text("symbol"), asOf: version))
    },
    "prune": { client, command in
      try await client.library().prune(command.text("symbol"), keepingLatest: command.number("keep"))
      return []
    },
    "deleteVersions": { client, command in
      try await client.library().deleteVersions([command.number("version")], of: command.text("symbol"))
      return []
    },
    "deleteSymbol": { client, command in
      try await client.library().deleteSymbol(command.text("symbol"))
      return []
    },
    "snapshot": { client, command in
      try await client.library().snapshot(command.text("name"))
      return []
    },
    "deleteSnapshot": { client, command in
      try await client.library().deleteSnapshot(command.text("name"))
      return []
    },
    "stage": { client, command in
      _ = try await client.library().stage(command.text("symbol"), command.frame())
      return []
    },
    "commitStaged": { try await made($0.library().commitStaged($1.text("symbol"), as: .append)) },
    "abandonStaged": { client, command in
      _ = try await client.library().abandonStaged(command.text("symbol"))
      return []
    },
    "resolve": { client, command in
      switch try await client.library().resolve(command.text("token")) {
      case .committed(let info): [.init("found", "committed")] + made(info)
      case .notCommitted: [.init("found", "notCommitted")]
      case .unknown: [.init("found", "unknown")]
      }
    },
    "collect": { client, _ in
      let result = try await client.library().collect()
      if let failure = result.failures.first { throw failure.error }
      return [.init("deleted", .int64(Int64(result.deletedBlockCount)))]
    },
    "read": { client, command in
      let asOf = command["version"]?.int64Value.map { AsOf.version(Int($0)) } ?? .latest
      let result = try await client.library().read(command.text("symbol"), asOf: asOf)
      return [
        .init("version", .int64(Int64(result.version.version))),
        .init("rows", .int64(Int64(result.frame.rowCount))),
        .init("digest", .string(command["fast"] == true ? "" : result.frame.digest)),
      ]
    },
    "verify": { client, _ in
      let result = try await client.library().verify(.data)
      return [
        .init("problems", .array(result.problems.map { .string("\($0)") })),
        .init("unreferenced", .int64(Int64(result.unreferencedBlockCount))),
      ]
    },
    "state": { client, _ in [.init("state", try await client.state())] },
    "contend": { try await $0.contend($1) },
    "contention": { try await $0.contention($1) },
  ]

  func library() async throws(SternaError) -> Library { try await store.library(libraryName) }

  private static func made(_ info: VersionInfo) -> Answer {
    [.init("version", .int64(Int64(info.version)))]
  }
}

extension JSONValue {
  /// Rows whose values follow from their number: one a second, from `first` on.
  fileprivate func frame() throws(SternaError) -> DataFrame {
    let first = try number("first")
    let numbers = try (first..<(first + number("rows"))).map { Int64($0) }
    let seed = UInt64(self["seed"]?.int64Value ?? 0)
    let mixed = numbers.map { number in
      var generator = SeededGenerator(seed: UInt64(number) &+ seed &<< 32)
      return generator.next()
    }
    return try DataFrame(
      [
        ("time", .timestamps(numbers, unit: .second)),
        ("value", .int64s(mixed.map { Int64(bitPattern: $0) })),
        ("price", .float64s(mixed.map { $0 % 7 == 0 ? nil : Double(bitPattern: $0 >> 2) })),
        ("text", .strings(mixed.map { $0 % 5 == 0 ? nil : "text \($0 % 11)" })),
      ], index: "time")
  }

  fileprivate func timeRange() throws(SternaError) -> ClosedRange<Timestamp> {
    func instant(_ name: String) throws(SternaError) -> Timestamp {
      Timestamp(nanosecondsSinceEpoch: Int64(try number(name)) * 1_000_000_000)
    }
    return try instant("first")...instant("last")
  }
}
