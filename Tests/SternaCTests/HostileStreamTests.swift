import CArrow
import CSterna
import Dispatch
import SternaC
import TestSupport
import Testing

/// Streams that break Arrow's interface are refused with an error; nothing traps or is released twice.
///
/// With `--sanitize=address` they also show that nothing is read behind what the structures say.
@Suite struct HostileStreamTests {
  private struct Outcome {
    var code: String?
    var message: String?
  }

  private func outcome(_ operation: OpaquePointer?) -> Outcome {
    #expect(sterna_operation_wait(operation, -1) == 1)
    defer { sterna_operation_free(operation) }
    return sterna_operation_error(operation).map {
      Outcome(code: String(cString: $0.pointee.code), message: String(cString: $0.pointee.message))
    } ?? Outcome()
  }

  private func write(_ foreign: ForeignStream, _ symbol: String, _ library: OpaquePointer?) -> Outcome {
    let result = outcome(sterna_library_write(library, symbol, &foreign.stream, nil))
    #expect(foreign.stream.release == nil, "the stream is taken over in every case")
    return result
  }

  /// What was written comes back whole, whatever it was.
  private func readBack(_ symbol: String, _ library: OpaquePointer?) {
    let reading = sterna_library_read(library, symbol, nil)
    #expect(sterna_operation_wait(reading, -1) == 1)
    #expect(sterna_operation_error(reading) == nil)
    var stream = ArrowArrayStream()
    #expect(sterna_operation_take_stream(reading, &stream) == 1)
    sterna_operation_free(reading)
    var batch = ArrowArray()
    while stream.get_next(&stream, &batch) == 0, let release = batch.release { release(&batch) }
    stream.release(&stream)
  }

  /// What was given out is given back, once: the stream before the operation ends, a batch with the last
  /// use of its columns, which a task of the engine may have.
  private func requireReleased(_ foreign: ForeignStream, streams: Int, _ name: String) {
    for _ in 0..<2000 where foreign.counts.batches < foreign.counts.batchesGiven {
      _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(1))
    }
    let counts = foreign.counts
    #expect(counts.streams == streams, "\(name)")
    #expect(counts.schemas == counts.schemasGiven, "\(name)")
    #expect(counts.batches == counts.batchesGiven, "\(name)")
  }

  @Test func aGoodStreamIsWritten() async throws {
    try await inThread {
      withMemoryLibrary("hostile-good") { library in
        let foreign = ForeignStream()
        #expect(write(foreign, "symbol", library).message == nil)
        readBack("symbol", library)
        requireReleased(foreign, streams: 1, "good")
      }
    }
  }

  @Test func eachWrongIsRefusedByItsCode() async throws {
    try await inThread {
      withMemoryLibrary("hostile-each") { library in
        for wrong in Wrong.all {
          let foreign = ForeignStream()
          wrong.apply(foreign)
          let hasRelease = foreign.stream.release != nil
          let result = write(foreign, wrong.name, library)
          #expect(result.code == wrong.code, "\(wrong.name): \(result.message ?? "no error")")
          if result.code == nil { readBack(wrong.name, library) }
          requireReleased(foreign, streams: hasRelease ? 1 : 0, wrong.name)
        }
      }
    }
  }

  @Test(arguments: [SeededGenerator(seed: 1), .fresh()])
  func wrongsTogetherAreRefusedToo(_ seed: SeededGenerator) async throws {
    try await inThread {
      var random = seed
      withMemoryLibrary("hostile-together-\(seed.seed)") { library in
        for round in 0..<400 {
          let foreign = ForeignStream()
          let wrongs = (0..<Int.random(in: 2...4, using: &random)).map { _ in
            Wrong.all.randomElement(using: &random)!
          }
          let name = "\(seed), round \(round): \(wrongs.map(\.name))"
          for wrong in wrongs { wrong.apply(foreign) }
          let hasRelease = foreign.stream.release != nil
          let result = write(foreign, "symbol", library)
          if wrongs.allSatisfy({ $0.code != nil }) { #expect(result.code != nil, "\(name)") }
          if result.code == nil { readBack("symbol", library) }
          requireReleased(foreign, streams: hasRelease ? 1 : 0, name)
        }
      }
    }
  }
}
