import Columnar
import ObjectStore
import SternaBase
import TestSupport

@testable import VersionStore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A store in which somebody has changed an object and then made every name, pointer and checksum fit
/// again: what a reader meets when the writer itself was hostile, or had a fault.
struct HostileStore {
  /// A symbol with two levels of index, versions in the history, text, nulls and metadata.
  static func makeWhole() async throws -> MemoryObjectStore {
    let store = MemoryObjectStore()
    let options = SymbolStore.Options(
      shape: SliceShape(rowCountTarget: 4, columnsPerGroup: 2),
      history: HistoryLimits(entryCountMax: 32))
    let writer = SymbolStore(
      store: store, environment: SimulatedEnvironment(seed: 1).environment, options: options)
    _ = try await writer.write("S", FrameSource(try frame(0..<100)), metadata: ["note": "first"])
    for start in 1...34 {
      _ = try await writer.append("S", FrameSource(try frame((start * 1_000)..<(start * 1_000 + 3))))
    }
    return store
  }

  static func frame(_ range: Range<Int>) throws -> DataFrame {
    try DataFrame(
      [
        ("time", .timestamps(range.map { Int64($0) }, unit: .nanosecond)),
        ("price", .float64s(range.map { $0 % 5 == 0 ? nil : Double($0) / 4 })),
        ("place", .strings(range.map { $0 % 7 == 0 ? nil : "p\($0 % 3)" })),
      ], index: "time")
  }

  /// A reader that has seen nothing yet.
  static func library(on store: MemoryObjectStore, tail: TailLimits = TailLimits()) -> SymbolStore {
    SymbolStore(
      store: store, environment: SimulatedEnvironment(seed: 2).environment,
      options: SymbolStore.Options(tail: tail))
  }

  private static func keys(of store: MemoryObjectStore) async throws -> [String] {
    var keys: [String] = []
    for try await page in store.listing(prefix: "") { keys += page.entries.map(\.key) }
    return keys
  }

  /// The keys of all blocks, and the ref's.
  static func keys(
    of store: MemoryObjectStore
  ) async throws -> (blocks: [String], ref: String) {
    let keys: [String] = try await keys(of: store)
    return (keys.filter { $0.hasPrefix("blocks/") }, keys.first { $0.hasPrefix("refs/") } ?? "")
  }

  /// The keys of the blocks that lead to the latest version, or to older ones: not those that only one old
  /// version has, which nobody reads here.
  static func keysThatMatter(of store: MemoryObjectStore) async throws -> [String] {
    let latest = try await library(on: store).version("S")
    var reachable = ReachableBlocks(blocks: latest.blocks, concurrency: 1)
    try await reachable.mark([latest.content])
    let prefix = LibraryKeys.blocks(of: try ObjectName("S", subject: "symbol"))
    return try await keys(of: store).blocks.filter { key in
      guard let name = BlockName(keySuffix: key.dropFirst(prefix.count)) else { return false }
      return name.kind == .history || reachable.contains(name)
    }
  }

  /// A copy of `whole` with other bytes in one block, and whatever points to it, up to the ref, mended.
  static func replacing(_ key: String, by bytes: [UInt8], in whole: MemoryObjectStore) async throws
    -> MemoryObjectStore
  {
    let copy = MemoryObjectStore()
    let (blocks, ref) = try await keys(of: whole)
    var objects: [String: [UInt8]] = [:]
    for key in blocks + [ref] { objects[key] = try await whole.get(key).bytes.array }
    var pending = [(old: objects[key] ?? [], new: bytes)]
    objects[key] = bytes
    while let (old, new) = pending.popLast() {
      let (was, becomes) = (reference(to: old), reference(to: new))
      for (key, content) in objects where !key.hasSuffix(".seg") {
        guard let changed = content.replacing(was, by: becomes) else { continue }
        objects[key] = changed
        if key != ref { pending.append((content, changed)) }
      }
    }
    for (key, content) in objects where key != ref {
      _ = try await copy.put(renamed(key, SHA256Digest(hashing: Bytes(content))), Bytes(content))
    }
    _ = try await copy.put(ref, resealed(objects[ref] ?? []))
    return copy
  }

  /// Length and hash as a pointer holds them.
  private static func reference(to bytes: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.writeCount(bytes.count)
    writer.writeRaw(SHA256Digest(hashing: Bytes(bytes)).bytes)
    return writer.finish().array
  }

  private static func renamed(_ key: String, _ digest: SHA256Digest) -> String {
    let folder = key.prefix(upTo: key.lastIndex(of: "/") ?? key.startIndex)
    return
      "\(folder)/\(digest.hex).\(key.suffix(from: key.lastIndex(of: ".") ?? key.startIndex).dropFirst())"
  }

  /// A ref with a checksum that fits its bytes.
  static func resealed(_ ref: [UInt8]) -> Bytes {
    var writer = ByteWriter()
    writer.writeRaw(ref.dropLast(SHA256Digest.byteCount))
    return Envelope.seal(writer)
  }

  /// Everything a reader and a writer can do, each on a store it has not seen yet.
  /// - Returns: how many of them threw.
  static func exercise(_ store: MemoryObjectStore) async -> Int {
    let selections = [
      ReadSelection(), ReadSelection(columns: ["place"]), ReadSelection(rows: .numbers(50..<120)),
      ReadSelection(rows: .keys(20...1_001)), ReadSelection(rows: .last(30)),
    ]
    var failureCount = 0
    func attempt(_ work: (SymbolStore) async throws -> Void) async {
      do { try await work(library(on: store)) } catch { failureCount += 1 }
    }
    for selection in selections {
      await attempt { _ = try await $0.version("S").read(selection) }
    }
    for selector in [VersionSelector.number(3), .number(-2), .time(.max)] {
      await attempt { library in
        let version = try await library.version("S", selector)
        _ = try await (version.schema(), version.metadata(), version.read())
      }
    }
    await attempt { _ = try await $0.versions(of: "S") }
    await attempt { _ = try await $0.symbols() }
    await attempt { library in
      _ = try await library.append("S", FrameSource(try frame(1_000_000..<1_000_010)))
    }
    await attempt { _ = try await $0.update("S", try frame(40..<43)) }
    await attempt { _ = try await $0.deleteRows("S", 60...2_000) }
    await attempt { try await $0.prune("S", keepingLatest: 2) }
    return failureCount
  }
}

extension [UInt8] {
  /// Nil when `pattern` is not in it. By `memchr`, as a loop takes minutes where nothing is optimised.
  fileprivate func replacing(_ pattern: [UInt8], by replacement: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var start = 0
    while let found = firstIndex(of: pattern, from: start) {
      result += self[start..<found] + replacement
      start = found + pattern.count
    }
    return start == 0 ? nil : result + self[start...]
  }

  private func firstIndex(of pattern: [UInt8], from start: Int) -> Int? {
    withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return nil }
      var position = start
      while position + pattern.count <= bytes.count,
        let found = memchr(base + position, Int32(pattern[0]), bytes.count - position - pattern.count + 1)
      {
        if memcmp(found, pattern, pattern.count) == 0 { return UnsafeRawPointer(found) - base }
        position = UnsafeRawPointer(found) - base + 1
      }
      return nil
    }
  }
}
