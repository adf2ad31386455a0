import Columnar
import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

/// Staged pieces and the versions that are made of them.
@Suite struct StagingTests {
  private let library = SimulatedLibrary()

  private func stage(
    _ client: SymbolStore, from start: Int64, count: Int64 = 8
  ) async throws -> StagingToken {
    try await client.stage("S", try SymbolStore.frame(from: start, count: count)).token
  }

  private func expectError(
    _ code: SternaError.Code, _ work: () async throws -> Void, _ comment: Comment? = nil
  ) async {
    do {
      try await work()
      Issue.record("no error, \(code) expected")
    } catch {
      #expect(SternaError(wrapping: error).code == code, comment)
    }
  }

  // MARK: Commits

  @Test func piecesBecomeOneVersionInTheOrderOfTheirIndex() async throws {
    let (worker, driver) = (library.client(seed: 1), library.client(seed: 2))
    let tokens = [try await stage(worker, from: 16), try await stage(worker, from: 0)]
    #expect(try await driver.hasSymbol("S") == false, "staging makes no version")
    let entry = try await driver.commitStaged("S", tokens)
    #expect(entry.number == 0)
    #expect(entry.tokens == tokens.map(\.id))
    #expect(try await driver.values("S") == Array(0..<8) + Array(16..<24))
    #expect(try await library.keys(LibraryKeys.stagedPrefix).isEmpty, "descriptors go with the commit")
    #expect(try await driver.verify().isClean)
  }

  @Test func largePiecesAreSharedAndNotUploadedAgain() async throws {
    let client = library.client()
    let tokens = [
      try await stage(client, from: 0, count: 40), try await stage(client, from: 40, count: 40),
    ]
    let before = Set(try await library.keys("blocks/").filter { $0.hasSuffix(".seg") })
    try await client.commitStaged("S", tokens)
    #expect(Set(try await library.keys("blocks/").filter { $0.hasSuffix(".seg") }) == before)
  }

  /// Blocks of an epoch that is over are brought to the current one by the store: their rows do not pass
  /// through the process that commits.
  @Test(arguments: [true, false]) func piecesOfAnOldEpochAreCopiedByTheStore(canCopy: Bool) async throws {
    let worker = library.client(seed: 1)
    try await worker.write("S", from: 1_000, count: 20)
    func segments() async throws -> Set<String> {
      Set(try await library.keys("blocks/").filter { $0.hasSuffix(".seg") })
    }
    let written = try await segments()
    var tokens: [StagingToken] = []
    for start in 0..<5 { tokens.append(try await stage(worker, from: Int64(start) * 40, count: 40)) }
    let segmentCount = try await segments().subtracting(written).count
    let recorder = RecordingObjectStore(
      FaultInjectingObjectStore(
        library.memory,
        rules: canCopy ? [] : [FaultRule(.failBefore(SternaError(.unsupportedStore, "no")), verbs: [.copy])]
      ))
    let driver = library.client(seed: 2, through: recorder)
    // Raises the epoch.
    try await worker.write("S", from: 1_007, count: 30)
    try await worker.prune("S", keepingLatest: 1)
    _ = try await worker.collect("S")
    #expect(try await worker.ref(of: "S").epoch > 0)
    try await driver.commitStaged("S", tokens)
    func count(_ verb: RequestRecord.Verb) -> Int {
      recorder.records.filter { $0.verb == verb && $0.key.hasSuffix(".seg") }.count
    }
    #expect(count(.copy) == segmentCount)
    #expect(count(.get) == (canCopy ? 0 : segmentCount))
    #expect(count(.put) == (canCopy ? 0 : segmentCount))
    _ = try await worker.collect("S")
    #expect(try await worker.values("S") == Array(0..<200))
    #expect(try await worker.verify(depth: .data).isClean)
  }

  @Test func manySmallPiecesAreCutAnew() async throws {
    let client = library.client(rowsPerSlice: 16)
    var tokens: [StagingToken] = []
    for start in 0..<64 { tokens.append(try await stage(client, from: Int64(start), count: 1)) }
    let entry = try await client.commitStaged("S", tokens)
    let other = try await library.client(seed: 9, rowsPerSlice: 16).write("T", from: 0, count: 64)
    #expect(entry.content?.summary.sliceCount == other.content?.summary.sliceCount)
    #expect(try await client.values("S") == Array(0..<64))
  }

  @Test func anAppendGoesBehindTheLatestVersion() async throws {
    let client = library.client()
    try await client.write("S", from: 0, count: 10)
    let token = try await stage(client, from: 10)
    #expect(try await client.commitStaged("S", [token], as: .append).operation == .append)
    #expect(try await client.values("S") == Array(0..<18))
    let early = try await stage(client, from: 3, count: 2)
    await expectError(.unsortedIndex) { _ = try await client.commitStaged("S", [early], as: .append) }
    #expect(try await client.staged("S").map(\.token) == [early], "a commit that fails keeps the pieces")
  }

  @Test func overlappingPiecesAreMergedOnRequestOnly() async throws {
    let client = library.client()
    var tokens: [StagingToken] = []
    for start in 0..<3 {
      let numbers = stride(from: Int64(start), to: 60, by: 3).map { $0 }
      let frame = try DataFrame(
        [
          ("time", .timestamps(numbers, unit: .nanosecond)), ("value", .int64s(numbers)),
          ("text", .strings(numbers.map { $0 % 5 == 0 ? nil : "t\($0)" })),
          ("flag", .bools(numbers.map { $0 % 2 == 0 })),
        ], index: "time")
      tokens.append(try await client.stage("S", frame).token)
    }
    await expectError(.unsortedIndex) { _ = try await client.commitStaged("S", tokens) }
    try await client.commitStaged("S", tokens, merges: true)
    let frame = try await client.version("S").read()
    #expect(frame["value"]?.withValues(as: Int64.self) { Array($0) } == Array(0..<60))
    for row in 0..<60 {
      #expect(frame["text"]?.string(at: row) == (row % 5 == 0 ? nil : "t\(row)"))
      #expect(frame["flag"]?.value(at: row) == .bool(row % 2 == 0))
    }
  }

  @Test func rowsOfEqualIndexStayInTheOrderOfTheirPiece() async throws {
    let client = library.client()
    var tokens: [StagingToken] = []
    for piece in 0..<4 {
      let frame = try DataFrame(
        [
          ("time", .timestamps((0..<50).map { Int64($0 / 10) }, unit: .nanosecond)),
          ("value", .int64s((0..<50).map { Int64(piece * 1_000 + $0) })),
        ], index: "time")
      tokens.append(try await client.stage("S", frame).token)
    }
    try await client.commitStaged("S", tokens, merges: true)
    let values = try await client.values("S")
    #expect(values.count == 200 && Set(values).count == 200)
    for piece in 0..<4 {
      let own = values.filter { $0 / 1_000 == Int64(piece) }
      #expect(own == own.sorted(), "piece \(piece)")
    }
  }

  /// Also where one value has more rows than a slice, so that a piece is cut among them.
  @Test func rowsOfOneIndexValueStayTogetherAcrossSlices() async throws {
    let client = library.client()
    var tokens: [StagingToken] = []
    for piece in Int64(0)..<3 {
      let frame = try DataFrame(
        [
          ("time", .timestamps([piece] + [Int64](repeating: 9, count: 50), unit: .nanosecond)),
          ("value", .int64s((0..<51).map { piece * 1_000 + $0 })),
        ], index: "time")
      tokens.append(try await client.stage("S", frame).token)
    }
    try await client.commitStaged("S", tokens, merges: true)
    let equal = (Int64(0)..<3).flatMap { piece in (1..<51).map { piece * 1_000 + $0 } }
    #expect(try await client.values("S") == [0, 1_000, 2_000] + equal)
  }

  @Test func piecesWithoutAnIndexComeInTheOrderGiven() async throws {
    let client = library.client()
    var tokens: [StagingToken] = []
    for piece in [2, 0, 1] {
      let frame = try DataFrame([("value", .int64s((0..<3).map { Int64(piece * 10 + $0) }))])
      tokens.append(try await client.stage("S", frame).token)
    }
    await expectError(.invalidArgument) { _ = try await client.commitStaged("S", tokens, merges: true) }
    try await client.commitStaged("S", tokens)
    #expect(try await client.values("S") == [20, 21, 22, 0, 1, 2, 10, 11, 12])
  }

  @Test func otherColumnsAreRefused() async throws {
    let client = library.client()
    let first = try await stage(client, from: 0)
    let other = try DataFrame([("x", .int64s([1]))])
    let second = try await client.stage("S", other).token
    await expectError(.schemaMismatch) { _ = try await client.commitStaged("S", [first, second]) }
    try await client.write("S", from: 0)
    await expectError(.schemaMismatch) { _ = try await client.commitStaged("S", [second], as: .append) }
  }

  // MARK: Tokens

  @Test func aTokenIsTakenInOnce() async throws {
    let (first, second) = (library.client(seed: 1), library.client(seed: 2))
    let token = try await stage(first, from: 0)
    let descriptor = try await library.memory.get(token.key).bytes
    try await first.commitStaged("S", [token])
    // The deletion of the descriptor got lost, or its creation lands late.
    try await library.memory.put(token.key, descriptor)
    await expectError(.alreadyExists) { _ = try await second.commitStaged("S", [token], as: .append) }
    await expectError(.stagedPieceNotFound) { _ = try await second.commitStaged("S") }
    for version in 0..<80 { try await second.write("S", from: Int64(version), count: 1) }
    await expectError(.alreadyExists) { _ = try await second.commitStaged("S", [token], as: .append) }
    #expect(try await second.staged().isEmpty)
    _ = try await second.collect("S")
    #expect(try await library.keys(LibraryKeys.stagedPrefix).isEmpty, "a collection tidies up")
    await expectError(.stagedPieceNotFound) { _ = try await second.commitStaged("S", [token]) }
  }

  @Test func tokensAreTextThatSaysWhatTheyAre() async throws {
    let name = try ObjectName("a.b/ü" + String(repeating: "x", count: 300), subject: "symbol")
    let token = StagingToken(id: UniqueID(high: 1, low: 2), epoch: 3, symbol: name)
    #expect(try StagingToken(text: token.text) == token)
    for wrong in [
      "", "abc", "x.1.S", "\(token.id.hex).01.S", "\(token.id.hex).1.", "\(token.id.hex).1.%zz",
    ] {
      #expect(throws: SternaError.self) { try StagingToken(text: wrong) }
    }
    let piece = try await library.client().stage(name.text, try SymbolStore.frame(from: 0, count: 3))
    #expect(try await library.client(seed: 2).staged().map(\.token) == [piece.token])
    await expectError(.invalidArgument) { _ = try await library.client().commitStaged("T", [piece.token]) }
  }

  @Test func abandonedPiecesAreCollected() async throws {
    let client = library.client()
    let (kept, given) = (try await stage(client, from: 0), try await stage(client, from: 100))
    #expect(try await client.collect("S").deletedBlockCount == 0)
    #expect(try await client.abandonStaged("S", [given]) == 1)
    #expect(try await client.abandonStaged("S", [given]) == 0)
    #expect(try await client.collect("S").deletedBlockCount > 0)
    await expectError(.stagedPieceNotFound) { _ = try await client.commitStaged("S", [kept, given]) }
    try await client.commitStaged("S", [kept])
    #expect(try await client.values("S") == Array(0..<8))
    #expect(try await client.abandonStaged("S") == 0)
  }

  @Test func aDescriptorThatIsDamagedIsReportedByItsKey() async throws {
    let client = library.client()
    let token = try await stage(client, from: 0)
    var bytes = try await library.memory.get(token.key).bytes.array
    bytes[bytes.count / 2] ^= 1
    try await library.memory.put(token.key, Bytes(bytes))
    await expectError(.corrupt) { _ = try await client.commitStaged("S", [token]) }
    await expectError(.corrupt) { _ = try await client.collect("S") }
    let problems = try await client.verify().problems
    #expect(problems.map(\.key) == [token.key])
  }
}
