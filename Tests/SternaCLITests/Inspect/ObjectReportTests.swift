import Columnar
import ObjectStore
import Sterna
import Testing
import VersionStore

@testable import SternaCLI

@Suite struct ObjectReportTests {
  /// A store with an object of every kind.
  private static func makeStore() async throws -> Store {
    var options = StoreOptions()
    options.rowsPerSlice = 8
    let store = try await Store.open(
      "memory://object-report-\(UInt64.random(in: 0 ... .max))", options: options)
    let library = try await store.library("l/1", create: true)
    let rows = (0..<3_000).map { Int64($0) }
    let frame = try DataFrame(
      [
        ("t", .timestamps(rows, unit: .second)),
        ("a name that makes the schema long \(String(repeating: "x", count: 17_000))", .int64s(rows)),
      ], index: "t")
    try await library.write("y", frame, metadata: ["note": .string(String(repeating: "y", count: 3_000))])
    try await library.snapshot("kept", metadata: ["by": "test"])
    let small = try DataFrame([("n", .int64s([1, 2, 3]))])
    for _ in 0..<300 { try await library.write("z", small) }
    return store
  }

  private static func keys(of store: Store) async throws -> [String] {
    var keys: [String] = []
    for try await page in store.objects.listing(prefix: "") { keys += page.entries.map(\.key) }
    return keys
  }

  private static func text(_ report: ObjectReport, _ format: OutputFormat) throws -> String {
    try report.report().text(format, width: nil)
  }

  @Test("Every object that a store has is printed, and as JSON that can be parsed")
  func everything() async throws {
    let store = try await Self.makeStore()
    var kinds: Set<String> = []
    for key in try await Self.keys(of: store) {
      let report = try await ObjectReport.read(key, in: store)
      let document = try JSONValue(parsing: Bytes(utf8: try Self.text(report, .json)), subject: key)
      let object = try #require(document["object"])
      #expect(object["key"]?.stringValue == key)
      #expect(try Self.text(report, .table).contains(key))
      kinds.insert(try #require(object["kind"]?.stringValue))
    }
    #expect(
      kinds == [
        "store marker", "library", "ref", "snapshot", "segment", "index node", "index detail",
        "history node", "schema", "metadata",
      ])
  }

  @Test("The keys that an object names lead on, from the ref's history and from an index node to segments")
  func walk() async throws {
    let store = try await Self.makeStore()
    let keys = Set(try await Self.keys(of: store))
    var namedCount = 0
    for key in keys where key.hasSuffix(".node") || key.hasSuffix(".hist") {
      let report = try await ObjectReport.read(key, in: store)
      let document = try JSONValue(parsing: Bytes(utf8: try Self.text(report, .json)), subject: key)
      for section in ["children", "slices", "details"] {
        guard case .array(let lines)? = document[section] else { continue }
        for case let named? in lines.map({ $0["key"]?.stringValue }) {
          #expect(keys.contains(named))
          namedCount += 1
        }
      }
    }
    #expect(namedCount > 300)
  }

  @Test("Altered and cut objects are corrupt, and nothing worse")
  func damage() async throws {
    let store = try await Self.makeStore()
    for key in try await Self.keys(of: store).shuffled().prefix(200) {
      let name = try ObjectKey(parsing: key)
      let bytes = try await store.objects.get(key).bytes
      guard name.kind != .storeMarker, name.kind != .library else { continue }
      var altered = bytes.array
      altered[altered.count / 2] ^= 0x40
      for damaged in [Bytes(altered), bytes[0..<(bytes.count / 2)], Bytes.empty] {
        #expect {
          _ = try ObjectReport(key: name, bytes: damaged)
        } throws: { ($0 as? SternaError)?.code == .corrupt && ($0 as? SternaError)?.key == key }
      }
    }
  }

  @Test("A ref under the key of another symbol is corrupt")
  func misplaced() async throws {
    let store = try await Self.makeStore()
    let keys = try await Self.keys(of: store).filter { $0.contains("/refs/") }
    try #require(keys.count == 2)
    let bytes = try await store.objects.get(keys[0]).bytes
    #expect { _ = try ObjectReport(key: try ObjectKey(parsing: keys[1]), bytes: bytes) } throws: {
      ($0 as? SternaError)?.code == .corrupt
    }
  }

  @Test(
    "Only what Sterna would have named is a key",
    arguments: [
      "", "x", "l", "l/refs/y", "l/refs/aa/y/z", "l//aa/y", "l/blocks/aa/y/0/abc.seg", "l/library.jso",
      "blocks/aa/y/0/" + String(repeating: "a", count: 64) + ".seg", "l/snapshots", "/sterna.json",
      "l/blocks/aa/y/00/" + String(repeating: "a", count: 64) + ".seg",
    ])
  func foreignKeys(_ key: String) {
    #expect(throws: SternaError.self) { try ObjectKey(parsing: key) }
  }

  @Test(
    "Codecs: each column's encodings add up to all of its rows and bytes, and the best candidate is there")
  func codecs() async throws {
    let store = try await Self.makeStore()
    let library = try await store.library("l/1")
    let inspection = try await Inspection.read("y", in: library, asOf: .latest, wantsChunks: true)
    let report = try await CodecReport.read(inspection, in: library)
    let codecs = try report.codecs()
    var rows: [String: Int64] = [:]
    for row in 0..<codecs.rowCount {
      guard case .integer(let count)? = codecs["rows"]?.value(at: row) else { continue }
      rows[try #require(codecs["column"]?.string(at: row)), default: 0] += count
    }
    #expect(rows.count == 2 && rows.values.allSatisfy { $0 == 3_000 })
    #expect(try report.candidates().rowCount >= 2)
  }
}
