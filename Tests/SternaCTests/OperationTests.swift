import CArrow
import CSterna
import Columnar
import SternaBase
import SternaC
import Testing

/// What `sterna.h` promises about operations and handles.
///
/// C callers wait in threads of their own. A test that waited in the task pool would hold the threads that
/// the work needs.
@Suite struct OperationTests {
  /// Waits, and gives the error's code.
  private func code(_ operation: OpaquePointer?) -> String? {
    #expect(sterna_operation_wait(operation, -1) == 1)
    return sterna_operation_error(operation).map { String(cString: $0.pointee.code) }
  }

  /// Each test has a store of its own: they run side by side, and all write the same symbol.
  private func withLibrary(
    of test: String = #function, _ body: (OpaquePointer?) throws -> Void
  ) rethrows {
    let opening = sterna_store_open("memory://operations-\(test.prefix { $0 != "(" })", nil)
    #expect(code(opening) == nil)
    let store = sterna_operation_take_store(opening)
    #expect(sterna_operation_take_store(opening) == nil, "a result is taken once")
    sterna_operation_free(opening)
    let making = sterna_store_library(store, "library", #"{"create": true}"#)
    #expect(code(making) == nil)
    let library = sterna_operation_take_library(making)
    sterna_operation_free(making)
    // A library outlives its store's handle.
    sterna_store_free(store)
    try body(library)
    sterna_library_free(library)
  }

  private func write(_ frame: DataFrame, _ library: OpaquePointer?, _ options: String? = nil) -> String? {
    var stream = ArrowArrayStream(exporting: frame)
    let writing = sterna_library_write(library, "symbol", &stream, options)
    #expect(stream.release == nil, "the stream is taken over in every case")
    defer { sterna_operation_free(writing) }
    return code(writing)
  }

  @Test func wrongArgumentsAreErrorsOfTheirOperation() async throws {
    try await inThread {
      let operations: [OpaquePointer?] = [
        sterna_store_open(nil, nil), sterna_store_open("memory://x", "{"),
        sterna_store_open("memory://x", "[]"),
        sterna_store_open("memory://x", #"{"nonsense": 1}"#), sterna_store_open("ftp://x", nil),
        sterna_store_libraries(nil), sterna_library_symbols(nil), sterna_library_read(nil, "x", nil),
        sterna_library_write(nil, nil, nil, nil),
      ]
      for operation in operations {
        #expect(code(operation) == "invalidArgument")
        #expect(sterna_operation_json(operation) == nil)
        sterna_operation_free(operation)
      }
    }
  }

  @Test func unknownOptionsAreRefusedAndStreamsTakenOverAllTheSame() async throws {
    try await inThread {
      let frame = try DataFrame([("x", .int64s([1, 2, 3]))])
      withLibrary { library in
        #expect(write(frame, library, #"{"metdata": 1}"#) == "invalidArgument")
        #expect(write(frame, library, #"{"index": "y"}"#) == "invalidArgument")
        #expect(write(frame, library) == nil)
        #expect(write(frame, nil) == "invalidArgument")
      }
    }
  }

  @Test func aReadGivesItsStreamOnce() async throws {
    try await inThread {
      let frame = try DataFrame(
        [("x", .int64s([1, 2, 3])), ("s", .strings(["a", nil, "b"]))], index: "x")
      try withLibrary { library in
        #expect(write(frame, library, #"{"index": true}"#) == nil)
        let reading = sterna_library_read(library, "symbol", #"{"rows": [1, 3]}"#)
        #expect(code(reading) == nil)
        var stream = ArrowArrayStream()
        #expect(sterna_operation_take_stream(reading, &stream) == 1)
        var second = ArrowArrayStream()
        #expect(sterna_operation_take_stream(reading, &second) == 0)
        sterna_operation_free(reading)
        let reader = try ArrowStreamReader(taking: &stream, index: .named("x"))
        #expect(try reader.next() == frame.slice(1..<3))
        #expect(try reader.next() == nil)
      }
    }
  }

  @Test func aFreedOperationIsCancelledAndHarmsNothing() async throws {
    try await inThread {
      withLibrary { library in
        for _ in 0..<100 { sterna_operation_free(sterna_library_symbols(library)) }
      }
    }
  }

  @Test func waitingCanTimeOutAndGoOn() async throws {
    try await inThread {
      withLibrary { library in
        let operation = sterna_library_symbols(library)
        while sterna_operation_wait(operation, 0) == 0 {}
        #expect(sterna_operation_wait(operation, 0) == 1, "the end can be waited for again")
        #expect(sterna_operation_wait(operation, -1) == 1)
        sterna_operation_free(operation)
      }
    }
  }
}
