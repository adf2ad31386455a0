import CArrow
import CSterna
import Columnar
import SternaBase
import SternaC
import Testing

/// Staging and settling through `sterna.h`.
@Suite struct StagingTests {
  private func stage(_ numbers: [Int64], _ options: String, _ library: OpaquePointer?) throws -> JSONValue {
    var stream = ArrowArrayStream(exporting: try DataFrame([("x", .int64s(numbers))]))
    let answer = try answer(of: sterna_library_stage(library, "s", &stream, options))
    #expect(stream.release == nil, "the stream is taken over in every case")
    return answer
  }

  @Test func rowsAreStagedListedCommittedAndGivenUp() async throws {
    try await inThread {
      try withMemoryLibrary("c-staging") { library in
        let first = try stage([1, 4, 6], #"{"index": "x"}"#, library)
        let second = try stage([5, 3, 2], #"{"index": "x", "sort": true}"#, library)
        #expect(first["row_count"] == .int64(3))
        #expect(second["index_range"] == [.int64(2), .int64(5)])
        #expect(try stage([5, 3], #"{"sort": true}"#, library)["code"] == "invalidArgument")
        #expect(try answer(of: sterna_library_staged(library, nil)).arrayValue?.count == 2)
        let tokens = [first, second].compactMap { $0["token"]?.stringValue }
        let list = "[\"\(tokens[0])\", \"\(tokens[1])\"]"
        #expect(
          try answer(of: sterna_library_commit_staged(library, "s", "{\"tokens\": \(list)}"))["code"]
            == "unsortedIndex")
        let version = try answer(
          of:
            sterna_library_commit_staged(library, "s", "{\"tokens\": \(list), \"merge\": true}"))
        #expect(version["row_count"] == .int64(6))
        #expect(
          try answer(of: sterna_library_commit_staged(library, "s", "{\"tokens\": \(list)}"))["code"]
            == "stagedPieceNotFound")
        _ = try stage([9], #"{"index": "x"}"#, library)
        #expect(
          try answer(of: sterna_library_commit_staged(library, "s", #"{"mode": "x"}"#))["code"] != nil)
        #expect(try answer(of: sterna_library_abandon_staged(library, "s", nil)) == .int64(1))
        #expect(try answer(of: sterna_library_staged(library, "s")) == [])
      }
    }
  }

  @Test func aCommitIsSettledByItsToken() async throws {
    try await inThread {
      try withMemoryLibrary("c-resolving") { library in
        let unknown = try answer(of: sterna_library_resolve(library, "nonsense"))
        #expect(unknown["code"] == "invalidArgument")
        let never = try answer(of: sterna_library_resolve(library, "\(UniqueID(high: 1, low: 2).hex).0.s"))
        #expect(never == ["outcome": "not_committed", "version": .null])
      }
    }
  }
}
