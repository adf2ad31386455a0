internal import ObjectStore
internal import SternaBase

extension ObjectStoreConformance {
  static let keys = [
    Case("Keys of any text are kept as they are and apart from each other", checkSpecialKeys),
    Case("A key of 1,000 bytes works, in one component or in many", checkLongKeys),
    Case(
      "Components around every length at which a file system cuts stay apart, in order", checkComponents),
    Case("A key that is empty or too long is refused") { run in
      // Below the prefix an empty key would be a key; the bare rule is the stores' own test.
      let key = String(repeating: "k", count: KeyBytes.byteCountMax)
      try await run.expectError([.invalidArgument], "put of a key over 1,024 bytes") {
        try await run.store.put(key, [1])
      }
    },
  ]

  private static let plain = [
    "with space", "a+b", "a%20b", "a b", "a&b=c?d#e", "100%", "quote\"'`", "back\\slash", "semi;colon:",
    "*<>|",
    "@", "a@", "a+", "~tilde", ".hidden", "...", "tr\u{e9}s", "\u{65e5}\u{672c}",
    "\u{1f600}",
    "[brackets]{}", "$HOME", "(paren)!", "^caret", "-dash", "%2E", "%", "a,b",
  ]
  /// Equal as `String`s, different as keys.
  private static let unicodeSpellings = ["tre\u{301}s"]
  private static let emptyComponents = ["a//b", "a///b", "/leading", "trailing/", "trailing//"]
  private static let dotComponents = [".", "..", "d/./e", "d/../e", "../e", "d/.."]
  private static let keyUnderKey = ["f", "f/g", "f/g/h"]

  private static func checkSpecialKeys(_ run: ConformanceRun) async throws {
    var keys = plain
    if !run.quirks.contains(.noUnicodeSpellings) { keys += unicodeSpellings }
    if !run.quirks.contains(.noEmptyComponents) { keys += emptyComponents }
    if !run.quirks.contains(.noDotComponents) { keys += dotComponents }
    if !run.quirks.contains(.noKeyUnderKey) { keys += keyUnderKey }
    try await checkKept(keys, run)
  }

  /// Puts an object under each key, and finds each, alone and in order.
  private static func checkKept(_ keys: [String], _ run: ConformanceRun) async throws {
    for key in keys { try await run.store.put(key, Bytes(utf8: key)) }
    for key in keys { try await run.expectObject(key, Bytes(utf8: key)) }
    let expected = keys.map { KeyBytes($0) }.sorted()
    let listed = try await run.listAll(pageSize: 7).map { KeyBytes($0) }
    try run.expectEqual(listed.map(\.text), expected.map(\.text), "keys listed")
    try run.expect(listed == expected, "a key was normalised")
    for key in keys {
      let own = try await run.listAll(prefix: key)
      try run.expect(
        own.first.map { KeyBytes($0) } == KeyBytes(key), "listing by the prefix \(key): \(own)")
    }
    for (index, key) in keys.enumerated() {
      try await run.store.delete(key)
      try await run.expectAbsent(key)
      if index + 1 < keys.count {
        try await run.expectObject(keys[index + 1], Bytes(utf8: keys[index + 1]))
      }
    }
  }

  private static func checkLongKeys(_ run: ConformanceRun) async throws {
    let byteCount = 1_000 - run.prefixByteCount
    var keys = [
      String(String(repeating: "folder/", count: 200).prefix(byteCount - 1)) + "x",
      String(String(repeating: "ab/", count: 400).prefix(byteCount - 1)) + "x",
    ]
    if !run.quirks.contains(.noLongComponents) {
      keys.append(String(repeating: "x", count: byteCount))
      keys.append(String(repeating: "\u{e9}", count: byteCount / 2))
    }
    try await checkKept(keys, run)
  }

  private static func checkComponents(_ run: ConformanceRun) async throws {
    guard !run.quirks.contains(.noLongComponents) else { return }
    var keys: [String] = []
    for count in [79, 80, 81, 159, 160, 161, 254, 255, 256] {
      let component = String(repeating: "y", count: count)
      keys.append(component + "!")
      keys.append(component + "0")
      // A character that every cut by a number of bytes would divide.
      keys.append(String(component.dropLast()) + "\u{1f600}")
      if !run.quirks.contains(.noKeyUnderKey) { keys += [component, component + "/z"] }
      if !run.quirks.contains(.noEmptyComponents) { keys.append(component + "//z") }
    }
    try await checkKept(keys, run)
  }
}
