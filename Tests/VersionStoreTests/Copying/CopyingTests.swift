import Columnar
import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

@Suite struct CopyingTests {
  private let library = SimulatedLibrary()

  /// A symbol with a tree, a tail, a hole among its versions, and metadata.
  private func makeSymbol(_ symbol: String = "S") async throws -> SymbolStore {
    let client = library.client()
    _ = try await client.write(symbol, try SymbolStore.frame(from: 0, count: 200), metadata: ["n": 0])
    try await client.append(symbol, from: 200, count: 2)
    try await client.append(symbol, from: 202, count: 2)
    _ = try await client.update(symbol, try NumberFrames.only([50], values: [-5]))
    try await client.deleteVersions(symbol, [1])
    return client
  }

  @Test(arguments: [false, true]) func oneVersionIsCopied(toOtherStore: Bool) async throws {
    let client = try await makeSymbol()
    let target = toOtherStore ? SimulatedLibrary().client(seed: 4) : client
    let written = try await client.copy("S", .version(.number(2)), to: target, as: "T")
    #expect(written.map(\.number) == [0])
    #expect(try await target.values("T") == Array(0..<204))
    #expect(try await target.copy("T", to: target, as: "U").count == 1)
    _ = try await client.copy("S", .version(.number(0)), to: target, as: "V")
    #expect(try await target.version("V").metadata() == ["n": 0])
    #expect(try await target.verify(depth: .data).isClean)
  }

  @Test func allVersionsAreCopiedOnceAndShareSegments() async throws {
    let client = try await makeSymbol()
    let recorder = RecordingObjectStore(library.memory)
    let target = library.client(seed: 4, through: recorder)
    #expect(try await client.copy("S", .allVersions, to: target, as: "T").map(\.number) == [0, 1, 2])
    for (old, new) in [(0, 0), (2, 1), (3, 2)] as [(Int64, Int64)] {
      #expect(
        try await target.values("T", .number(new)) == client.values("S", .number(old)), "version \(old)")
    }
    let segments = recorder.records.filter { $0.verb == .put && $0.key.hasSuffix(".seg") }.map(\.key)
    #expect(Set(segments).count == segments.count, "no segment is put twice")
    #expect(try await client.copy("S", .allVersions, to: target, as: "T").isEmpty, "nothing is new")
    #expect(try await client.copy("S", to: target, as: "T").isEmpty)
    try await client.append("S", from: 500)
    #expect(try await client.copy("S", .allVersions, to: target, as: "T").map(\.number) == [3])
    #expect(try await target.values("T").last == 500)
    _ = try await target.collect("T")
    #expect(try await target.verify(depth: .data).isClean)
  }

  @Test(arguments: [false, true])
  func whatOnlyASnapshotHoldsIsRestoredByACopy(ofDeletedSymbol isDeleted: Bool) async throws {
    let client = try await makeSymbol()
    try await client.createSnapshot("month-end", versions: ["S": .number(0)])
    if isDeleted {
      try await client.deleteSymbol("S")
    } else {
      try await client.deleteVersions("S", [0, 2])
    }
    _ = try await client.collect("S")
    await #expect(throws: (any Error).self) { try await client.restore("S", .number(0)) }
    let restored = try await client.restore("S", .snapshot("month-end"))
    #expect(restored.number == 4 && restored.operation == .restore)
    #expect(try await client.values("S") == Array(0..<200))
    #expect(try await client.version("S").metadata() == ["n": 0])
    // It is the symbol's own now: not the snapshot's.
    try await client.deleteSnapshot("month-end")
    _ = try await client.collect("S")
    #expect(try await client.values("S") == Array(0..<200))
    #expect(try await client.verify(depth: .data).isClean)
  }

  @Test func aSnapshotOfAVersionThatIsThereIsRestoredWithoutACopy() async throws {
    let client = try await makeSymbol()
    try await client.createSnapshot("month-end", versions: ["S": .number(0)])
    let recorder = RecordingObjectStore(library.memory)
    let other = library.client(seed: 4, through: recorder)
    #expect(try await other.restore("S", .snapshot("month-end")).number == 4)
    #expect(recorder.records.filter { $0.verb == .put || $0.verb == .copy }.map(\.key).count == 1)
    #expect(try await client.values("S") == Array(0..<200))
  }

  /// Also between the libraries of a store, which are parts of one.
  @Test func segmentsAreCopiedByTheStoreWhereItIsOne() async throws {
    let recorder = RecordingObjectStore(library.memory)
    let one = library.client(seed: 1, through: PrefixedObjectStore(recorder, prefix: "one/"))
    let two = library.client(seed: 2, through: PrefixedObjectStore(recorder, prefix: "two/"))
    let other = SimulatedLibrary().client(seed: 3)
    try await one.write("S", from: 0, count: 200)
    func segments(_ verb: RequestRecord.Verb) -> Int {
      recorder.records.filter { $0.verb == verb && $0.key.hasSuffix(".seg") }.count
    }
    let count = segments(.put)
    for target in [one, two, other] {
      recorder.reset()
      _ = try await one.copy("S", to: target, as: "T")
      #expect(try await target.values("T") == Array(0..<200))
      #expect(try await target.verify(depth: .data).isClean)
    }
    recorder.reset()
    _ = try await one.copy("S", to: two, as: "U")
    #expect(segments(.copy) == count && segments(.get) == 0 && segments(.put) == 0)
    recorder.reset()
    try await one.rename("S", to: "V")
    #expect(segments(.copy) == count && segments(.get) == 0 && segments(.put) == 0)
  }

  /// A block that is damaged stays one that is known to be.
  @Test func aDamagedSegmentIsFoundInItsCopy() async throws {
    let client = library.client()
    try await client.write("S", from: 0, count: 200)
    let key = try #require(try await library.keys("blocks/").first { $0.hasSuffix(".seg") })
    var bytes = try await library.memory.get(key).bytes.array
    bytes[70] ^= 1
    try await library.memory.put(key, Bytes(bytes))
    _ = try await client.copy("S", to: client, as: "T")
    await #expect(throws: SternaError.self) { try await client.values("T") }
    #expect(try await client.verify().isClean == false)
  }

  @Test func aCopyOfATailHasNoRowsOfLaterVersions() async throws {
    let client = library.client()
    try await client.write("S", from: 0, count: 1)
    try await client.append("S", from: 1, count: 1)
    _ = try await client.copy("S", .version(.number(0)), to: client, as: "T")
    #expect(try await client.values("T") == [0])
    let tail = try await client.version("T").content.tail
    #expect(tail.map { $0.usesAll } ?? true)
  }

  @Test func aCollectionBeforeAnyRequestOfACopyLosesNothing() async throws {
    for ordinal in 1...200 {
      let library = SimulatedLibrary()
      let source = library.client(seed: 1)
      try await source.write("S", from: 0, count: 60)
      try await source.write("T", from: 0, count: 30)
      let objects = InterleavingObjectStore(library.memory, before: ordinal) {
        let client = library.client(seed: 7)
        try await client.write("T", from: 5, count: 9)
        try await client.prune("T", keepingLatest: 1)
        _ = try await client.collect("T")
      }
      _ = try await source.copy("S", to: library.client(seed: 2, through: objects), as: "T")
      _ = try await source.collect("T")
      #expect(try await library.client(seed: 3).values("T") == Array(0..<60), "before request \(ordinal)")
      #expect(try await library.client(seed: 3).verify().isClean, "before request \(ordinal)")
      if !objects.hasInterrupted { return }
    }
    Issue.record("a copy makes more than 200 requests")
  }

  // MARK: Renaming

  @Test func aRenamedSymbolHasAllVersionsUnderItsNewName() async throws {
    let client = try await makeSymbol()
    try await client.rename("S", to: "new name")
    #expect(try await client.symbols() == ["new name"])
    #expect(try await client.values("new name").count == 204)
    #expect(try await client.versions(of: "new name").count == 3)
    try await client.write("S", from: 1, count: 1)
    await #expect(throws: SternaError.self) { try await client.rename("S", to: "new name") }
    _ = try await client.collect()
    #expect(try await client.verify(depth: .data).isClean)
  }

  /// Their tokens name the symbol: a rename must not part them from it.
  @Test func aSymbolIsNotRenamedWhileRowsAreStagedForIt() async throws {
    let client = try await makeSymbol()
    let token = try await client.stage("S", try SymbolStore.frame(from: 500, count: 5)).token
    do {
      try await client.rename("S", to: "T")
      Issue.record("renamed")
    } catch let error as SternaError {
      #expect(error.code == .conflict)
    }
    #expect(try await client.symbols() == ["S"])
    try await client.commitStaged("S", [token], as: .append)
    try await client.rename("S", to: "T")
    #expect(try await client.values("T").suffix(5) == [500, 501, 502, 503, 504])
  }

  /// The process dies before a request: nothing is lost, and another rename completes it.
  @Test func aRenameThatDiesAnywhereIsCompletedByAnother() async throws {
    for ordinal in 1...200 {
      let library = SimulatedLibrary()
      let writer = library.client(seed: 1)
      for start in Int64(0)..<3 { try await writer.write("S", from: start, count: 20) }
      let faults = FaultInjectingObjectStore(
        library.memory, rules: [FaultRule(.failBefore(), on: .from(ordinal))])
      try? await library.client(seed: 2, through: faults).rename("S", to: "T")
      let client = library.client(seed: 3)
      let names = try await client.symbols()
      #expect(try await client.values(names.contains("S") ? "S" : "T") == Array(2..<22))
      if names.contains("S") { try await client.rename("S", to: "T") }
      #expect(try await client.symbols() == ["T"], "died before request \(ordinal)")
      let versions = try await client.versions(of: "T")
      #expect(versions.count == 3, "died before request \(ordinal): \(versions.map(\.tokens))")
      #expect(try await client.verify().isClean)
      if faults.injectedCount == 0 { return }
    }
    Issue.record("a rename makes more than 200 requests")
  }

  @Test func aVersionThatComesDuringARenameIsTakenAlong() async throws {
    for ordinal in 1...200 {
      let library = SimulatedLibrary()
      try await library.client(seed: 1).write("S", from: 0, count: 20)
      let objects = InterleavingObjectStore(library.memory, before: ordinal) {
        try await library.client(seed: 7).append("S", from: 20, count: 5)
      }
      try await library.client(seed: 2, through: objects).rename("S", to: "T")
      let client = library.client(seed: 3)
      // Behind the deletion the append begins a new symbol.
      let names = try await client.symbols()
      let rows = try await client.values("T").count
      #expect(names == ["T"] && rows >= 20 || names == ["S", "T"] && rows == 20, "before \(ordinal)")
      if objects.hasInterrupted, names == ["T"] { #expect(rows == 25, "before request \(ordinal)") }
      if !objects.hasInterrupted { return }
    }
    Issue.record("a rename makes more than 200 requests")
  }
}
