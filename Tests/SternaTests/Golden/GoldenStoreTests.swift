import Foundation
import ObjectStore
import Sterna
import TestSupport
import Testing

/// Stores that earlier builds wrote must read bit for bit, for ever; and newer ones are refused by name.
///
/// `Tests/Golden/format-1` was written by `scripts/golden`. It is never changed: a format that cannot read
/// it has another number, and a folder of its own beside it.
@Suite struct GoldenStoreTests {
  private static let golden = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden/format-1").path()

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    // A copy: some of these tests write.
    try FileManager.default.copyItem(atPath: Self.golden, toPath: "\(folder.path)/store")
  }

  private func open() async throws -> Library {
    try await Store.open("\(folder.path)/store").library("market")
  }

  @Test func allSymbolsAreThere() async throws {
    let library = try await open()
    #expect(try await library.symbolNames() == ["every type", "pruned", "ticks", GoldenContents.longName])
    #expect(try await library.verify(.data).isClean)
  }

  @Test func everyVersionReadsBitForBit() async throws {
    let library = try await open()
    let expected = GoldenContents.ticks
    let versions = try await library.versions(of: "ticks")
    #expect(versions.map(\.version) == expected.indices.reversed())
    for (version, rows) in expected.enumerated() {
      guard let rows else {
        #expect(versions.first { $0.version == version }?.isDeleted == true)
        continue
      }
      let result = try await library.read("ticks", asOf: .version(version))
      #expect(try result.frame.hasSameRows(as: GoldenContents.frame(rows)), "version \(version)")
      #expect(result.metadata == (version == 4 ? ["source": "golden"] : nil))
    }
    let operations = versions.map(\.operation).reversed().prefix(6)
    #expect(operations == ["write", "append", "update", "deleteRows", "writeMetadata", "append"])
  }

  @Test func everyTypeReadsBitForBit() async throws {
    let library = try await open()
    let result = try await library.read("every type")
    #expect(result.frame == (try GoldenContents.everyType()))
    #expect(result.metadata == ["π": [3.25, nil, "x"]])
    #expect(
      try await library.read(GoldenContents.longName).frame.hasSameRows(as: GoldenContents.frame([(1, 0)])))
    #expect(
      try await library.read("pruned").frame.hasSameRows(as: GoldenContents.frame([(9, 2), (10, 0)])))
  }

  @Test func whatIsDeletedIsGone() async throws {
    let library = try await open()
    await #expect(throws: SternaError.self) { try await library.read("deleted") }
    await #expect(throws: SternaError.self) { try await library.read("pruned", asOf: .version(1)) }
    #expect(try await library.listSnapshots().map(\.name) == ["month-end"])
  }

  @Test func snapshotsAndStagedRowsAreKept() async throws {
    let library = try await open()
    let held = try await library.read("ticks", asOf: .snapshot("month-end"))
    let rows = try #require(GoldenContents.ticks[4])
    #expect(try held.frame.hasSameRows(as: GoldenContents.frame(rows)))
    #expect(try await library.listSnapshots().first?.metadata == ["closed": true])
    #expect(try await library.stagedRows().map(\.symbol) == ["staged only", "ticks"])
    #expect(try await library.commitStaged("ticks", as: .append).version == GoldenContents.ticks.count)
    #expect(try await library.commitStaged("staged only").version == 0)
    let newest = try #require(GoldenContents.ticks.last ?? nil) + (200..<220).map { (Int64($0), 0) }
    #expect(try await library.read("ticks").frame.hasSameRows(as: GoldenContents.frame(newest)))
    _ = try await library.collect()
    #expect(try await library.verify(.data).isClean)
  }

  // MARK: Newer formats

  private func expectUnsupported(_ work: () async throws -> Void) async {
    do {
      try await work()
      Issue.record("a newer format was not noticed")
    } catch {
      let error = SternaError(wrapping: error)
      #expect(error.code == .unsupportedFormat && error.message.contains("2"), "\(error)")
      #expect(error.advice?.contains("newer release") == true)
    }
  }

  @Test func aNewerStoreIsRefusedByName() async throws {
    let objects = DirectoryObjectStore(root: "\(folder.path)/store", environment: .live)
    for key in ["sterna.json", "market/library.json"] {
      let text = try #require(try await objects.get(key).bytes.utf8String)
      let newer = text.replacing("\"format\": 1", with: "\"format\": 2")
        .replacing("\"format\":1", with: "\"format\":2")
      #expect(newer != text)
      try await objects.put(key, Bytes(utf8: newer))
      let store = try await Store.open("\(folder.path)/store")
      await expectUnsupported { _ = try await store.library("market", create: true) }
      if key != "sterna.json" {
        let library = try await store.library("market")
        await expectUnsupported { try await library.write("new", GoldenContents.frame([(1, 0)])) }
        await expectUnsupported { _ = try await store.hasLibrary("market") }
      }
      try await objects.put(key, Bytes(utf8: text))
    }
  }

  @Test func aNewerRefIsRefusedByEveryOperation() async throws {
    let objects = DirectoryObjectStore(root: "\(folder.path)/store", environment: .live)
    var keys: [String] = []
    for try await page in objects.listing(prefix: "market/refs/") { keys += page.entries.map(\.key) }
    let key = try #require(keys.first { $0.hasSuffix("/ticks") })
    var body = try await objects.get(key).bytes.array.dropLast(SHA256Digest.byteCount)
    body[5] = 2
    try await objects.put(key, Bytes(Array(body) + SHA256Digest(hashing: Bytes(Array(body))).bytes))
    let library = try await open()
    await expectUnsupported { _ = try await library.read("ticks") }
    await expectUnsupported { try await library.write("ticks", GoldenContents.frame([(1, 0)])) }
    await expectUnsupported { try await library.append("ticks", GoldenContents.frame([(900, 0)])) }
    await expectUnsupported { _ = try await library.versions(of: "ticks") }
    await expectUnsupported { try await library.deleteSymbol("ticks") }
    await expectUnsupported { _ = try await library.collect("ticks") }
  }
}
