internal import ObjectStore
internal import SternaBase

extension ObjectStoreConformance {
  static let reading = [
    Case("An absent object is not found") { run in try await run.expectAbsent("nothing/here") },
    Case("Every range of a small object is what a slice of its bytes is", checkRanges),
    Case("A range that is empty or starts at the end is refused", checkInvalidRanges),
    Case("An empty object can be read whole and by its suffix", checkEmptyObject),
    Case("An object of 9 MiB returns bit for bit, whole and in parts", checkLargeObject),
    Case("Put, head, get and list agree on size and tag", checkTagsAgree),
  ]

  private static func checkRanges(_ run: ConformanceRun) async throws {
    let bytes = Bytes(Array(0..<7))
    try await run.store.put("o", bytes)
    try await run.expectObject("o", bytes)
    for low in 0..<7 {
      for high in (low + 1)...9 {
        let result = try await run.store.get("o", range: .bytes(low..<high))
        try run.expect(
          result.bytes == bytes[low..<min(high, 7)], "bytes \(low)..<\(high): \(result.bytes.array)")
        try run.expectEqual(result.objectByteCount, 7, "size of the whole at \(low)..<\(high)")
      }
    }
    for count in 1...9 {
      let result = try await run.store.get("o", range: .suffix(count))
      try run.expect(result.bytes == bytes[max(0, 7 - count)..<7], "suffix \(count): \(result.bytes.array)")
      try run.expectEqual(result.objectByteCount, 7, "size of the whole at suffix \(count)")
    }
  }

  private static func checkInvalidRanges(_ run: ConformanceRun) async throws {
    try await run.store.put("o", [1, 2, 3])
    try await run.store.put("empty", .empty)
    for (key, range) in [("o", 3..<4), ("o", 9..<12), ("o", 1..<1), ("empty", 0..<1)] {
      try await run.expectError([.invalidArgument], "bytes \(range) of \(key)") {
        try await run.store.get(key, range: .bytes(range))
      }
    }
  }

  private static func checkEmptyObject(_ run: ConformanceRun) async throws {
    try await run.store.put("empty", .empty)
    try await run.expectObject("empty", .empty)
    try run.expectEqual(try await run.store.head("empty").byteCount, 0, "size")
    let suffix = try await run.store.get("empty", range: .suffix(4))
    try run.expectEqual(suffix.bytes.count, 0, "suffix of nothing")
  }

  private static func checkLargeObject(_ run: ConformanceRun) async throws {
    let count = 9 << 20
    var random = SeededGenerator(seed: 9)
    let bytes = Bytes(count: count) { buffer in
      for offset in stride(from: 0, to: count, by: 8) {
        buffer.storeBytes(of: random.next(), toByteOffset: offset, as: UInt64.self)
      }
    }
    let digest = SHA256Digest(hashing: bytes)
    _ = try await run.store.put("large", bytes, mode: .create, digest: digest)
    let whole = try await run.store.get("large")
    try run.expect(SHA256Digest(hashing: whole.bytes) == digest, "the whole object has other bytes")
    for range in [0..<1, (5 << 20) - 3..<(5 << 20) + 3, count - 1..<count] {
      let part = try await run.store.get("large", range: .bytes(range))
      try run.expect(part.bytes == bytes[range], "bytes \(range) are others")
    }
  }

  private static func checkTagsAgree(_ run: ConformanceRun) async throws {
    let tag = try await run.store.put("o", [1, 2, 3, 4]).tag
    try run.expect(!tag.value.isEmpty, "an empty tag")
    try run.expectEqual(try await run.store.get("o").tag, tag, "tag of get")
    try run.expectEqual(try await run.store.get("o", range: .suffix(1)).tag, tag, "tag of a range")
    let metadata = ObjectMetadata(byteCount: 4, tag: tag)
    try run.expectEqual(try await run.store.head("o"), metadata, "head")
    let entries = try await run.store.list(ListRequest(prefix: "o")).entries
    try run.expectEqual(entries, [.init(key: "o", byteCount: 4, tag: tag)], "entry of list")
    let next = try await run.store.put("o", [4, 3, 2, 1]).tag
    try run.expect(next != tag, "other bytes have the same tag")
  }
}
