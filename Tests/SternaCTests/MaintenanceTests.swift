import CArrow
import CSterna
import Columnar
import SternaBase
import SternaC
import Testing

/// What compares, copies, prunes, collects and verifies, through `sterna.h`.
@Suite struct MaintenanceTests {
  @discardableResult
  private func write(_ numbers: [Int64], _ library: OpaquePointer?, _ symbol: String = "s") throws
    -> JSONValue
  {
    let frame = try DataFrame([
      ("t", .int64s(Array(numbers.indices).map { Int64($0) })), ("x", .int64s(numbers)),
    ])
    var stream = ArrowArrayStream(exporting: frame)
    return try answer(of: sterna_library_write(library, symbol, &stream, #"{"index": "t"}"#))
  }

  private func versions(_ symbol: String, _ library: OpaquePointer?) throws -> [JSONValue?] {
    try answer(of: sterna_library_versions(library, symbol)).arrayValue?
      .filter { $0["is_deleted"] == .bool(false) }.map { $0["version"] } ?? []
  }

  @Test func aDifferenceNamesRowsAndColumns() async throws {
    try await inThread {
      try withMemoryLibrary("c-difference") { library in
        try write([1, 2, 3, 4], library)
        try write([1, 9, 3, 4, 5], library)
        let found = try answer(of: sterna_library_difference(library, "s", #"{"from": 0}"#))
        #expect(found["old"]?["version"] == .int64(0))
        #expect(found["new"]?["version"] == .int64(1))
        #expect(found["index"] == ["name": "t", "type": "int64"])
        #expect(found["columns"] == [])
        #expect(
          found["rows"] == [
            ["kind": "changed", "first": 1, "last": 1, "old_row_count": 1, "new_row_count": 1],
            ["kind": "added", "first": 4, "last": 4, "old_row_count": 0, "new_row_count": 1],
          ])
        let none = try answer(of: sterna_library_difference(library, "s", #"{"from": -1, "to": 1}"#))
        #expect(none["rows"] == [])
        for (options, code) in [
          ("{}", "invalidArgument"), (#"{"from": 7}"#, "versionNotFound"),
          (#"{"from": 0, "symbol": "other"}"#, "symbolNotFound"), (#"{"from": true}"#, "invalidArgument"),
        ] {
          #expect(try answer(of: sterna_library_difference(library, "s", options))["code"] == .string(code))
        }
      }
    }
  }

  @Test func symbolsAreCopiedAndRenamed() async throws {
    try await inThread {
      try withMemoryLibrary("c-copies") { library in
        try write([1], library)
        try write([1, 2], library)
        let copied = try answer(of: sterna_library_copy(library, "s", nil, #"{"to": "copy", "as_of": 0}"#))
        #expect(copied.arrayValue?.map { $0["row_count"] } == [1])
        #expect(try answer(of: sterna_library_copy(library, "s", nil, nil))["code"] == "invalidArgument")
        #expect(
          try answer(
            of: sterna_library_copy(library, "s", nil, #"{"to": "c", "as_of": 0, "all_versions": true}"#))[
              "code"]
            == "invalidArgument")
        try withMemoryLibrary("c-copies-elsewhere") { elsewhere throws in
          let all = #"{"all_versions": true}"#
          #expect(try answer(of: sterna_library_copy(library, "s", elsewhere, all)).arrayValue?.count == 2)
          #expect(try answer(of: sterna_library_copy(library, "s", elsewhere, all)) == [])
          #expect(try versions("s", elsewhere) == [1, 0])
        }
        #expect(try answer(of: sterna_library_rename(library, "s", nil))["code"] == "invalidArgument")
        // A copy of versions is taken for what an interrupted rename left; other data is not.
        try write([7, 7], library, "taken")
        #expect(
          try answer(of: sterna_library_rename(library, "s", #"{"to": "taken"}"#))["code"]
            == "alreadyExists")
        #expect(try answer(of: sterna_library_rename(library, "s", #"{"to": "new"}"#)) == .null)
        #expect(try answer(of: sterna_library_symbols(library)) == ["copy", "new", "taken"])
      }
    }
  }

  @Test func versionsArePrunedByRulesAndTheirDataCollected() async throws {
    try await inThread {
      try withMemoryLibrary("c-pruning") { library in
        for count in 1...5 { try write((0..<40_000).map { Int64($0 * $0 % (count * 1009)) }, library) }
        let rules = #"{"keep_last": 2, "dry_run": true}"#
        #expect(try answer(of: sterna_library_prune(library, "s", rules)) == [0, 1, 2])
        #expect(try versions("s", library).count == 5)
        #expect(try answer(of: sterna_library_prune(library, "s", #"{"keep_days": 1}"#)) == [])
        #expect(
          try answer(of: sterna_library_prune(library, "s", #"{"keep_last": 0}"#))["code"]
            == "invalidArgument")
        #expect(try answer(of: sterna_library_prune(library, "s", #"{"keep": 2}"#)) == [0, 1, 2])
        #expect(try answer(of: sterna_library_prune(library, "s", nil)) == [3])

        let would = try answer(of: sterna_library_collect(library, #"{"dry_run": true}"#))
        let did = try answer(of: sterna_library_collect(library, #"{"symbol": "s"}"#))
        #expect((did["deleted_byte_count"]?.int64Value ?? 0) > 0)
        #expect(would["deleted_block_count"] == did["deleted_block_count"])
        #expect(did["failures"] == [])
        #expect(try answer(of: sterna_library_collect(library, nil))["deleted_block_count"] == 0)
        for thoroughness in ["references", "hashes", "data"] {
          let found = try answer(
            of: sterna_library_verify(library, "{\"thoroughness\": \"\(thoroughness)\"}"))
          #expect(found["problems"] == [])
          #expect(found["version_count"] == 1)
        }
        #expect(
          try answer(of: sterna_library_verify(library, #"{"thoroughness": "x"}"#))["code"]
            == "invalidArgument")
        #expect(
          try answer(of: sterna_library_verify(library, #"{"symbol": "x"}"#))["code"] == "symbolNotFound")
      }
    }
  }

  @Test func newFunctionsRefuseNullHandles() async throws {
    try await inThread { () throws in
      for operation in [
        sterna_library_difference(nil, "s", #"{"from": 0}"#),
        sterna_library_copy(nil, "s", nil, #"{"to": "t"}"#),
        sterna_library_rename(nil, "s", #"{"to": "t"}"#), sterna_library_collect(nil, nil),
        sterna_library_verify(nil, nil), sterna_library_prune(nil, "s", nil),
      ] {
        #expect(try answer(of: operation)["code"] == "invalidArgument")
      }
    }
  }
}
