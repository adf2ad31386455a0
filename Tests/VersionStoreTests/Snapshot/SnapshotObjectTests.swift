import SternaBase
import TestSupport
import Testing

@testable import VersionStore

@Suite struct SnapshotObjectTests {
  private func stamp(_ phase: SnapshotStamp.Phase) -> SnapshotStamp {
    SnapshotStamp(phase: phase, creationID: UniqueID(high: 1, low: 2), writeID: UniqueID(high: 3, low: 4))
  }

  private func contents(_ count: Int) -> SnapshotContents {
    let members = (0..<count).map { number in
      SnapshotMember(
        symbol: "S\(number)",
        entry: VersionEntry(
          number: UInt64(number % 7), commitID: UniqueID(high: 9, low: UInt64(number)), time: Int64(number),
          operation: .write,
          content: VersionContent(
            root: .inline([1, 2, 3]), summary: .none, schema: .inline([UInt8(number % 3)]),
            columnsPerGroup: 128)))
    }
    return SnapshotContents(time: 77, metadata: ["why": "close of day"], members: members)
  }

  private func members(in bytes: Bytes) throws -> [SnapshotMember] {
    let head = try SnapshotHead(decoding: bytes, subject: "snapshot")
    #expect(head.objectByteCount == bytes.count)
    return try head.pages.indices.flatMap { page in
      try SnapshotPage.decode(bytes[head.range(of: .page(page))], subject: "page")
    }
  }

  @Test(arguments: [0, 1, 2, 64, 65, 1_000, 20_000])
  func everyMemberIsOnThePageOfItsSymbol(count: Int) throws {
    let contents = contents(count)
    let bytes = try SnapshotHead.encode(contents, name: "eod", stamp: stamp(.live))
    let head = try SnapshotHead(decoding: bytes, subject: "snapshot")
    #expect(head.stamp == stamp(.live) && head.name == "eod" && head.time == 77)
    #expect(head.memberCount == count)
    #expect(head.headByteCount < SnapshotHead.firstReadByteCount)
    let byNumber = { (left: SnapshotMember, right: SnapshotMember) in
      left.entry.commitID.low < right.entry.commitID.low
    }
    #expect(try members(in: bytes).sorted(by: byNumber) == contents.members)
    for member in contents.members.prefix(200) {
      let page = SnapshotPage.position(of: member.symbol, pageCount: head.pages.count)
      let found = try SnapshotPage.decode(bytes[head.range(of: .page(page))], subject: "page")
      #expect(found.contains(member))
    }
  }

  @Test func damagedHeadsThrowAndNeverTrap() throws {
    let bytes = try SnapshotHead.encode(contents(3), name: "eod", stamp: stamp(.pending))
    let head = try SnapshotHead(decoding: bytes, subject: "snapshot")
    for position in 0..<head.headByteCount {
      var damaged = bytes.array
      damaged[position] ^= 0x10
      #expect(throws: SternaError.self) { try SnapshotHead(decoding: Bytes(damaged), subject: "snapshot") }
      #expect(throws: SternaError.self) {
        try SnapshotHead(decoding: bytes[0..<position], subject: "snapshot")
      }
    }
  }

  @Test func hostilePagesThrowAndNeverTrap() throws {
    let page = SnapshotPage.encode(contents(3).members)
    for position in 0..<page.count {
      for value in [0x00, 0x01, 0x7F, 0x80, 0xFF] as [UInt8] {
        var damaged = page.array
        damaged[position] = value
        _ = try? SnapshotPage.decode(Bytes(damaged), subject: "page")
      }
      #expect(throws: SternaError.self) { try SnapshotPage.decode(page[0..<position], subject: "page") }
    }
  }
}
