internal import ObjectStore

extension ObjectStoreConformance {
  static let listing = [
    Case("A prefix without keys lists nothing") { run in
      try run.expectEqual(try await run.store.list(ListRequest(prefix: "x")), ListPage(entries: []), "page")
    },
    Case("Keys come in the order of their UTF-8 bytes", checkOrder),
    Case("Pages of every size hold the same keys, once and in order", checkPages),
    Case("A prefix selects by characters, not by components", checkPrefix),
    Case("Start-after leaves out that key and all before it, present or not", checkStartAfter),
    Case("A delimiter folds what lies behind it into common prefixes", checkDelimiter),
    Case("More keys than a page holds are all listed", checkManyKeys),
  ]

  /// In the order of their bytes. `-`, `.` and `0` lie around `/`, where folders go wrong.
  private static let ordered = [
    "A", "a", "a!", "a-b", "a.b", "a/b", "a/b/c", "a/c", "a0", "aa/1", "b", "b/1/2", "b/1/3", "c/\u{e9}",
    "c/\u{ffff}", "c/\u{1f600}",
  ]

  private static func keys(_ run: ConformanceRun) -> [String] {
    guard run.quirks.contains(.noKeyUnderKey) else { return ordered }
    return ordered.filter { key in !ordered.contains { $0.hasPrefix(key + "/") } }
  }

  private static func checkOrder(_ run: ConformanceRun) async throws {
    let keys = keys(run)
    try await run.putAll(keys.reversed())
    let page = try await run.store.list(ListRequest(prefix: ""))
    try run.expectEqual(page.entries.map(\.key), keys, "keys")
    try run.expectEqual(page.continuation, nil, "continuation")
    try run.expectEqual(page.entries.map(\.byteCount), keys.map(\.utf8.count), "sizes")
  }

  private static func checkPages(_ run: ConformanceRun) async throws {
    let keys = keys(run)
    try await run.putAll(keys)
    for pageSize in 1...(keys.count + 1) {
      try run.expectEqual(try await run.listAll(pageSize: pageSize), keys, "pages of \(pageSize)")
    }
    let folded = try await run.listAll(delimiter: "/")
    for pageSize in 1...(folded.count + 1) {
      let paged = try await run.listAll(delimiter: "/", pageSize: pageSize)
      try run.expectEqual(paged, folded, "folded pages of \(pageSize)")
    }
  }

  private static func checkPrefix(_ run: ConformanceRun) async throws {
    let keys = keys(run)
    try await run.putAll(keys)
    for prefix in ["", "a", "a/", "a/b", "a/b/", "b/1", "b/1/", "c/", "d", "aa/1", "aa/1/"] {
      let expected = keys.filter { KeyBytes($0).hasPrefix(KeyBytes(prefix)) }
      try run.expectEqual(try await run.listAll(prefix: prefix), expected, "prefix \(prefix)")
    }
  }

  private static func checkStartAfter(_ run: ConformanceRun) async throws {
    let keys = keys(run)
    try await run.putAll(keys)
    for start in keys + ["0", "a/", "a/b!", "b/", "z"] {
      let expected = keys.filter { KeyBytes(start) < KeyBytes($0) }
      for pageSize in [2, 1_000] {
        let listed = try await run.listAll(startAfter: start, pageSize: pageSize)
        try run.expectEqual(listed, expected, "start after \(start)")
      }
    }
    let both = try await run.listAll(prefix: "a/", startAfter: "a/b")
    try run.expectEqual(both, keys.filter { $0 == "a/b/c" || $0 == "a/c" }, "prefix and start-after")
  }

  private static func checkDelimiter(_ run: ConformanceRun) async throws {
    try await run.putAll(["a", "b/1", "b/2/3", "b/2/4", "c/5", "d"])
    let top = try await run.store.list(ListRequest(prefix: "", delimiter: "/"))
    try run.expectEqual(top.entries.map(\.key), ["a", "d"], "keys at the top")
    try run.expectEqual(top.commonPrefixes, ["b/", "c/"], "common prefixes at the top")
    let below = try await run.store.list(ListRequest(prefix: "b/", delimiter: "/"))
    try run.expectEqual(below.entries.map(\.key), ["b/1"], "keys below b/")
    try run.expectEqual(below.commonPrefixes, ["b/2/"], "common prefixes below b/")
    let partial = try await run.store.list(ListRequest(prefix: "b", delimiter: "/"))
    try run.expectEqual(partial.commonPrefixes, ["b/"], "common prefixes of b")
    guard !run.quirks.contains(.noStartAfterWithDelimiter) else { return }
    let behind = try await run.listAll(startAfter: "b/~", delimiter: "/")
    try run.expectEqual(behind, ["c/", "d"], "start-after with a delimiter")
    // Folders that have become empty are no common prefixes.
    _ = try await run.store.delete(["b/2/3", "b/2/4", "c/5"])
    try run.expectEqual(try await run.listAll(delimiter: "/"), ["a", "b/", "d"], "after deleting")
  }

  private static func checkManyKeys(_ run: ConformanceRun) async throws {
    let keys = (0..<1_010).map { "k/" + String(10_000 + $0) }
    try await run.putAll(keys)
    try run.expectEqual(try await run.listAll(prefix: "k/"), keys, "keys")
    try run.expectEqual(try await run.listAll(prefix: "k/", pageSize: 337), keys, "keys in four pages")
  }
}
