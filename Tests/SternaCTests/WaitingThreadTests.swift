import CArrow
import CSterna
import Columnar
import Dispatch
import SternaBase
import SternaC
import Synchronization
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What `in_waiting_thread` promises: the same answers, by whatever threads and in whatever pieces they are
/// waited for.
@Suite struct WaitingThreadTests {
  private static let options = #"{"in_waiting_thread": true}"#
  private static let rowCount = 6_000

  /// A library in a folder with a symbol of many segments, so that a read has work for several threads.
  private func withLibrary(_ body: (OpaquePointer?, DataFrame) throws -> Void) throws {
    let folder = try TemporaryFolder()
    let opening = sterna_store_open(folder.path, nil)
    #expect(sterna_operation_wait(opening, -1) == 1)
    let store = sterna_operation_take_store(opening)
    sterna_operation_free(opening)
    let making = sterna_store_library(
      store, "library", #"{"create": true, "options": {"rowsPerSegment": 100}}"#)
    #expect(sterna_operation_wait(making, -1) == 1)
    let library = sterna_operation_take_library(making)
    sterna_operation_free(making)
    sterna_store_free(store)
    defer { sterna_library_free(library) }
    let numbers = (0..<Int64(Self.rowCount)).map { $0 &* 7 % 1_000 }
    let frame = try DataFrame([
      ("x", .int64s(numbers)), ("s", .strings(numbers.map { $0 % 9 == 0 ? nil : "text \($0)" })),
    ])
    var stream = ArrowArrayStream(exporting: frame)
    let writing = sterna_library_write(library, "symbol", &stream, Self.options)
    #expect(sterna_operation_wait(writing, -1) == 1)
    #expect(sterna_operation_error(writing) == nil)
    sterna_operation_free(writing)
    try body(library, frame)
  }

  private func result(_ reading: OpaquePointer?) throws -> DataFrame? {
    var stream = ArrowArrayStream()
    guard sterna_operation_take_stream(reading, &stream) == 1 else { return nil }
    return try ArrowStreamReader(taking: &stream, index: .none).next()
  }

  @Test func theThreadThatWaitsReads() async throws {
    try await inThread {
      try withLibrary { library, frame in
        for _ in 0..<5 {
          let reading = sterna_library_read(library, "symbol", Self.options)
          defer { sterna_operation_free(reading) }
          #expect(sterna_operation_wait(reading, -1) == 1)
          #expect(sterna_operation_wait(reading, -1) == 1, "the end can be waited for again")
          let found = try result(reading)
          #expect(found == frame)
        }
      }
    }
  }

  @Test func waitsThatTimeOutComeToTheEndToo() async throws {
    try await inThread {
      try withLibrary { library, frame in
        let reading = sterna_library_read(library, "symbol", Self.options)
        defer { sterna_operation_free(reading) }
        usleep(20_000)
        while sterna_operation_wait(reading, 0) == 0 {}
        #expect(sterna_operation_wait(reading, 0) == 1)
        let found = try result(reading)
        #expect(found == frame)
      }
    }
  }

  @Test func anyNumberOfThreadsMayWait() async throws {
    try await inThread {
      try withLibrary { library, frame in
        for _ in 0..<5 {
          let reading = sterna_library_read(library, "symbol", Self.options)
          let pointer = UInt(bitPattern: reading)
          DispatchQueue.concurrentPerform(iterations: 4) { thread in
            let limit: Int64 = thread == 0 ? -1 : 1
            while sterna_operation_wait(OpaquePointer(bitPattern: pointer), limit) == 0 {}
          }
          let found = try result(reading)
          #expect(found == frame)
          sterna_operation_free(reading)
        }
      }
    }
  }

  @Test func anErrorAndACancellationAreTheEndToo() async throws {
    try await inThread {
      try withLibrary { library, _ in
        for (name, code, cancels) in [("none", "symbolNotFound", false), ("symbol", "cancelled", true)] {
          let reading = sterna_library_read(library, name, Self.options)
          if cancels { sterna_operation_cancel(reading) }
          #expect(sterna_operation_wait(reading, -1) == 1)
          #expect(sterna_operation_error(reading).map { String(cString: $0.pointee.code) } == code)
          sterna_operation_free(reading)
        }
      }
    }
  }

  /// Says when nobody refers to it any more.
  private final class Probe: Sendable {
    private let isGone: DispatchSemaphore
    init(_ isGone: DispatchSemaphore) { self.isGone = isGone }
    deinit { isGone.signal() }
    func frame() -> DataFrame? { nil }
  }

  @Test func workThatNobodyWaitsForEndsAndLetsGoOfItsInput() async throws {
    try await inThread {
      try withLibrary { library, frame in
        let isGone = DispatchSemaphore(value: 0)
        for waitsOnce in [false, true] {
          let probe = Probe(isGone)
          var stream = ArrowArrayStream(exporting: frame.schema) { .success(probe.frame()) }
          let writing = sterna_library_write(library, "other", &stream, Self.options)
          if waitsOnce { _ = sterna_operation_wait(writing, 0) }
          sterna_operation_free(writing)
        }
        #expect(isGone.wait(timeout: .now() + 60) == .success)
        #expect(isGone.wait(timeout: .now() + 60) == .success)
      }
    }
  }
}
