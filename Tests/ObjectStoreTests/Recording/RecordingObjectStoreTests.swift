import ObjectStore
import SternaBase
import Testing

@Suite struct RecordingObjectStoreTests {
  @Test("Every request is written down with its verb, key, bytes and outcome")
  func requestsAreRecorded() async throws {
    let store = RecordingObjectStore(MemoryObjectStore())
    try await store.put("a", [1, 2, 3], mode: .create)
    _ = try await store.get("a", range: .suffix(2))
    _ = try? await store.head("b")
    _ = try await store.list(ListRequest(prefix: "p"))
    _ = try await store.delete(["a", "b"])

    let records = store.records
    #expect(records.map(\.verb) == [.put, .get, .head, .list, .deleteMany])
    #expect(records.map(\.key) == ["a", "a", "b", "p", "a"])
    #expect(records.map(\.sentByteCount) == [3, 0, 0, 0, 0])
    #expect(records.map(\.receivedByteCount) == [0, 2, 0, 0, 0])
    #expect(records.map(\.keyCount) == [1, 1, 1, 1, 2])
    #expect(records[0].mode == .create && records[1].range == .suffix(2))
    #expect(records.map(\.outcome) == [.success, .success, .failure(.objectNotFound), .success, .success])
    #expect(store.dependentSteps() == 5)
    store.reset()
    #expect(store.records.isEmpty && store.dependentSteps() == 0)
  }

  @Test(
    "Dependent steps are the longest chain of requests that do not overlap",
    arguments: [
      ([], 0), ([(1, 2)], 1), ([(1, 2), (3, 4)], 2), ([(1, 3), (2, 4)], 1), ([(1, 3), (2, 6), (4, 5)], 2),
      ([(1, 2), (3, 6), (4, 5), (7, 8)], 3), ([(1, nil), (2, 3), (4, nil)], 2),
    ] as [([(Int, Int?)], Int)])
  func dependentStepsOfIntervals(intervals: [(Int, Int?)], expected: Int) {
    let records = intervals.map { start, end in
      RequestRecord(verb: .get, key: "k", keyCount: 1, sentByteCount: 0, start: start, end: end)
    }
    #expect(records.dependentSteps() == expected)
  }
}
