internal import ObjectStore
internal import SternaBase

extension ObjectStoreConformance {
  static let writing = [
    Case("Overwriting replaces the object, longer or shorter") { run in
      for text in ["first", "a longer second", ""] {
        try await run.store.put("o", Bytes(utf8: text))
        try await run.expectObject("o", Bytes(utf8: text))
      }
    },
    Case("Create-only writes once, and again after a delete", checkCreate),
    Case("If-match writes on the tag that is there and on no other", checkIfMatch),
    Case("If-match never creates an object", checkIfMatchOfAbsent),
    Case("A put with the digest of its bytes is a put") { run in
      let bytes = Bytes(utf8: "digested")
      _ = try await run.store.put("o", bytes, mode: .overwrite, digest: SHA256Digest(hashing: bytes))
      try await run.expectObject("o", bytes)
    },
    Case("A copy has the bytes of its source, whatever stands in their keys, and replaces", checkCopy),
    Case("A copy of an absent object fails and changes nothing") { run in
      try await run.store.put("o", [1])
      try await run.expectError([.objectNotFound], "copy of an absent object") {
        try await run.store.copy("absent", to: "o")
      }
      try await run.expectObject("o", [1])
    },
    Case("A copy and its source change and go apart from each other", checkCopiesAreApart),
  ]

  private static func checkCopy(_ run: ConformanceRun) async throws {
    let keys = [
      "plain", "with space", "a+b", "100%", "a%20b", "a&b=c?d#e", "tr\u{e9}s", "~tilde", "@", "f/g/h.seg",
    ]
    for (index, key) in keys.enumerated() {
      let bytes = Bytes(utf8: key + " \(index)")
      try await run.store.put(key, bytes)
      let copy = "copy/" + keys[(index + 1) % keys.count]
      for _ in 0..<2 { try await run.store.copy(key, to: copy) }
      try await run.expectObject(copy, bytes)
      try await run.expectObject(key, bytes)
    }
    // More than a server moves in one piece of its own, and nothing at all.
    for bytes in [Bytes([UInt8](repeating: 7, count: (1 << 20) + 3)), .empty] {
      try await run.store.put("sized", bytes)
      try await run.store.copy("sized", to: "copy/sized")
      try await run.expectObject("copy/sized", bytes)
    }
  }

  private static func checkCopiesAreApart(_ run: ConformanceRun) async throws {
    try await run.store.put("o", [1])
    try await run.store.copy("o", to: "c")
    try await run.store.put("o", [2])
    try await run.expectObject("c", [1])
    try await run.store.delete("o")
    try await run.expectObject("c", [1])
    guard !run.quirks.contains(.noConditionalPuts) else { return }
    let tag = try await run.store.get("c").tag
    try await run.store.put("c", [3], mode: .ifMatch(tag))
    try await run.expectError([.preconditionFailed], "put with the tag of the copy, again") {
      try await run.store.put("c", [4], mode: .ifMatch(tag))
    }
    try await run.store.delete("c")
    try await run.expectAbsent("c")
  }

  static let deleting = [
    Case("Deleting removes one object, and removing nothing succeeds") { run in
      try await run.putAll(["o", "o2", "under/o"])
      for _ in 0..<2 {
        try await run.store.delete("o")
        try await run.expectAbsent("o")
      }
      try run.expectEqual(try await run.listAll(), ["o2", "under/o"], "what is left")
    },
    Case("Deleting many keys answers for each in order, more than a request holds", checkDeleteMany),
  ]

  private static func checkCreate(_ run: ConformanceRun) async throws {
    guard !run.quirks.contains(.noConditionalPuts) else { return }
    try await run.store.put("o", [1], mode: .create)
    try await run.expectError([.preconditionFailed], "create of an existing object") {
      try await run.store.put("o", [2], mode: .create)
    }
    try await run.expectObject("o", [1])
    try await run.store.delete("o")
    try await run.store.put("o", [3], mode: .create)
    try await run.expectObject("o", [3])
  }

  private static func checkIfMatch(_ run: ConformanceRun) async throws {
    guard !run.quirks.contains(.noConditionalPuts) else { return }
    let first = try await run.store.put("o", [1]).tag
    let second = try await run.store.put("o", [2], mode: .ifMatch(first)).tag
    for stale in [first, ETag("0123456789abcdef0123456789abcdef")] {
      try await run.expectError([.preconditionFailed], "put with the stale tag \(stale)") {
        try await run.store.put("o", [9], mode: .ifMatch(stale))
      }
      try await run.expectObject("o", [2])
    }
    // A tag from a read is as good as one from a write.
    let read = try await run.store.get("o").tag
    try run.expectEqual(read, second, "tag of get after put")
    try await run.store.put("o", [3], mode: .ifMatch(read))
    try await run.expectObject("o", [3])
  }

  private static func checkIfMatchOfAbsent(_ run: ConformanceRun) async throws {
    guard !run.quirks.contains(.noConditionalPuts) else { return }
    let tag = try await run.store.put("o", [1]).tag
    try await run.store.delete("o")
    try await run.expectError([.preconditionFailed, .objectNotFound], "if-match of an absent object") {
      try await run.store.put("o", [2], mode: .ifMatch(tag))
    }
    try await run.expectAbsent("o")
  }

  private static func checkDeleteMany(_ run: ConformanceRun) async throws {
    let present = (0..<1_050).map { "many/\($0)" }
    try await run.putAll(present + ["stays"])
    var keys = present
    keys.insert("many/never-there", at: 500)
    let outcomes = try await run.store.delete(keys)
    try run.expectEqual(outcomes.map(\.key), keys, "keys of the outcomes")
    for outcome in outcomes {
      try run.expect(outcome.failure == nil, "\(outcome.key): \(String(describing: outcome.failure))")
    }
    try run.expectEqual(try await run.listAll(), ["stays"], "what is left")
    try run.expectEqual(try await run.store.delete([]).count, 0, "outcomes of no keys")
  }
}
