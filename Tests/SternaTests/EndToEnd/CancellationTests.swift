import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import Sterna

/// A write that is cancelled in the middle never happened.
@Suite struct CancellationTests {
  private let faults = FaultInjectingObjectStore(MemoryObjectStore(), environment: .live)

  private func makeLibrary() async throws -> Library {
    var options = StoreOptions()
    options.rowsPerSlice = 16
    let store = Store(
      uri: "memory://cancelled", objects: faults, endpoint: "memory", options: options,
      environment: SimulatedEnvironment(seed: 3).environment)
    return try await store.library("ticks", create: true)
  }

  /// Yields rows until its task is cancelled, which it does itself after some frames.
  private func stream(cancellingAfter frameCount: Int, from start: Int64 = 0) throws -> FrameStream {
    let frames = SharedList(
      try (0..<frameCount).map { try SampleFrames.ticks(50, from: start + Int64($0) * 1_000_000_000) })
    return FrameStream(schema: try SampleFrames.ticks(0).schema) {
      if let frame = frames.next() { return frame }
      withUnsafeCurrentTask { $0?.cancel() }
      return nil
    }
  }

  @Test func aCancelledWriteLeavesNoVersionAndNoHarm() async throws {
    let library = try await makeLibrary()
    let frame = try SampleFrames.ticks(100)
    let cancelled = try stream(cancellingAfter: 4)
    let error = await Task {
      await #expect(throws: SternaError.self) { try await library.write("S", cancelled) }
    }.value
    #expect(error?.code == .cancelled)
    #expect(try await library.symbolNames().isEmpty)
    try await library.write("S", frame)
    #expect(try await library.read("S").frame.hasSameRows(as: frame))
  }

  @Test func aCancelledAppendLeavesTheVersionsAsTheyWere() async throws {
    let library = try await makeLibrary()
    let frame = try SampleFrames.ticks(100)
    try await library.write("S", frame)
    let cancelled = try stream(cancellingAfter: 3, from: 1_000_000_000_000)
    await Task {
      _ = await #expect(throws: SternaError.self) { try await library.append("S", cancelled) }
    }.value
    #expect(try await library.versions(of: "S").map(\.version) == [0])
    let more = try SampleFrames.ticks(20, from: 2_000_000_000_000)
    #expect(try await library.append("S", more).version == 1)
    let both = try DataFrame.concatenating([frame, more])
    #expect(try await library.read("S").frame.hasSameRows(as: both))
  }

  /// The commit itself is not interrupted: either there is a version, or the write says that there is none.
  @Test(arguments: 0..<12)
  func aWriteCancelledAtAnyRequestSaysTheTruth(milliseconds: Int) async throws {
    let library = try await makeLibrary()
    faults.add(FaultRule(.delay(nanoseconds: 2_000_000)))
    let write = Task { try await library.write("S", SampleFrames.ticks(100)) }
    try await Task.sleep(for: .milliseconds(milliseconds))
    write.cancel()
    let version = try? await write.value
    faults.removeAllRules()
    #expect(try await library.hasSymbol("S") == (version != nil))
    let next = try await library.write("S", SampleFrames.ticks(10))
    #expect(next.version == (version == nil ? 0 : 1))
  }
}
