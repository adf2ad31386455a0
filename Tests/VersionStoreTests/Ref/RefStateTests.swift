import SternaBase
import TestSupport
import Testing

@testable import VersionStore

@Suite struct RefStateTests {
  private let symbol = try? ObjectName("SPY", subject: "symbol")

  private func makeEntry(_ number: UInt64, time: Int64, live: Bool = true) -> VersionEntry {
    let content = VersionContent(
      root: .inline([1, 2, 3]),
      summary: SliceSummary(keys: KeyRange(first: -5, last: 9), rowCount: 7, sliceCount: 1, byteCount: 80),
      schema: .inline([UInt8(truncatingIfNeeded: number / 2)]), columnsPerGroup: 128,
      metadata: number % 2 == 0 ? nil : .inline([9]))
    return VersionEntry(
      number: number, commitID: UniqueID(high: 1, low: number), time: time, operation: .append,
      content: live ? content : nil, tokens: number == 2 ? [UniqueID(high: 4, low: 4)] : [])
  }

  private func makeState(versions: UInt64, isDeleted: Bool = false) -> RefState {
    RefState(
      symbol: "SPY", writeID: UniqueID(high: 7, low: 8), epoch: 3, life: 1, isDeleted: isDeleted,
      nextVersion: versions, history: .empty,
      recent: (0..<versions).map { makeEntry($0, time: Int64($0) * 10, live: $0 != 1) })
  }

  @Test(arguments: [0, 1, 2, 5, 33] as [UInt64])
  func statesComeBackFromTheirBytes(versions: UInt64) throws {
    let symbol = try #require(symbol)
    for isDeleted in [false, true] {
      let state = makeState(versions: versions, isDeleted: isDeleted)
      #expect(try RefState(decoding: state.encode(), symbol: symbol) == state)
    }
  }

  @Test func theSizeTellsWhetherTheSymbolExists() {
    for versions in 0...6 as ClosedRange<UInt64> {
      #expect(RefState.isLive(byteCount: makeState(versions: versions).encode().count))
      #expect(!RefState.isLive(byteCount: makeState(versions: versions, isDeleted: true).encode().count))
    }
  }

  @Test func aRefOfAnotherSymbolIsRefused() throws {
    let other = try ObjectName("QQQ", subject: "symbol")
    #expect(throws: SternaError.self) {
      try RefState(decoding: makeState(versions: 2).encode(), symbol: other)
    }
  }

  @Test func everyFlippedBitIsNoticed() throws {
    let symbol = try #require(symbol)
    let bytes = makeState(versions: 3).encode()
    for position in 0..<bytes.count {
      var damaged = bytes.array
      damaged[position] ^= 0x10
      #expect(throws: SternaError.self) { try RefState(decoding: Bytes(damaged), symbol: symbol) }
    }
  }

  @Test func hostileBodiesWithAValidChecksumThrowAndNeverTrap() throws {
    let symbol = try #require(symbol)
    let bytes = makeState(versions: 3).encode()
    let body = bytes[0..<(bytes.count - SHA256Digest.byteCount)]
    for position in 0..<body.count {
      for value in [0x00, 0x01, 0x7F, 0x80, 0xFF] as [UInt8] {
        var writer = ByteWriter()
        var damaged = body.array
        damaged[position] = value
        writer.writeRaw(damaged)
        _ = try? RefState(decoding: Envelope.seal(writer), symbol: symbol)
      }
    }
    for end in 0..<body.count {
      var writer = ByteWriter()
      writer.writeRaw(body[0..<end])
      #expect(throws: SternaError.self) { try RefState(decoding: Envelope.seal(writer), symbol: symbol) }
    }
  }

  @Test func aNewerFormatAsksForANewerRelease() throws {
    let symbol = try #require(symbol)
    let bytes = makeState(versions: 1).encode()
    var body = bytes[0..<(bytes.count - SHA256Digest.byteCount)].array
    body[5] = 2
    var writer = ByteWriter()
    writer.writeRaw(body)
    let error = #expect(throws: SternaError.self) {
      try RefState(decoding: Envelope.seal(writer), symbol: symbol)
    }
    #expect(error?.code == .unsupportedFormat)
  }

  @Test func aNewVersionIsNeverEarlierThanItsPredecessor() {
    let state = makeState(versions: 3)
    #expect(state.nextTime(now: 5) == 21)
    #expect(state.nextTime(now: 500) == 500)
  }
}
