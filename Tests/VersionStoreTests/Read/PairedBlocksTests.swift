import Columnar
import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

/// Blocks that are read and verified two at a time.
@Suite struct PairedBlocksTests {
  private static let contents: [Bytes] = [3_000, 5_001].map { count in
    Bytes((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ count) })
  }

  /// Two blocks in a store with faults.
  private func blocks(_ faults: FaultRule...) async throws -> (store: BlockStore, pointers: [BlockPointer])
  {
    let objects = FaultInjectingObjectStore(MemoryObjectStore(), rules: faults)
    let store = BlockStore(
      store: objects, symbol: try ObjectName("S", subject: "symbol"), cache: BlockCache())
    let pending = Self.contents.map { PendingBlock(kind: .segment, epoch: 0, bytes: $0) }
    for block in pending { try await store.put(block) }
    return (store, pending.map(\.pointer))
  }

  @Test func bothComeBack() async throws {
    let (store, pointers) = try await blocks()
    let (first, second) = try await store.get(pointers[0], and: pointers[1])
    #expect(first == Self.contents[0] && second == Self.contents[1])
  }

  @Test(arguments: [
    FaultRule.Fault.flipByte(at: 0), .flipByte(at: 2_999), .truncate(to: 100), .truncate(to: 0),
  ])
  func whatIsHurtOnTheWayIsReadAgain(fault: FaultRule.Fault) async throws {
    for number in [1, 2] {
      let (store, pointers) = try await blocks(FaultRule(fault, verbs: [.get], on: .nth(number)))
      let (first, second) = try await store.get(pointers[0], and: pointers[1])
      #expect(first == Self.contents[0] && second == Self.contents[1])
    }
  }

  @Test func whatStaysHurtIsReportedWithItsKey() async throws {
    let (sound, pointers) = try await blocks()
    let key = LibraryKeys.block(pointers[1], of: sound.symbol)
    let (store, _) = try await blocks(FaultRule(.flipByte(at: 17), verbs: [.get], keys: .exactly(key)))
    await #expect {
      _ = try await store.get(pointers[0], and: pointers[1])
    } throws: {
      ($0 as? SternaError)?.code == .corrupt && ($0 as? SternaError)?.key == key
    }
  }

  @Test func aBlockThatIsGoneIsAPrunedVersion() async throws {
    let (store, pointers) = try await blocks()
    let other = PendingBlock(kind: .segment, epoch: 0, bytes: Bytes([1, 2, 3])).pointer
    for pair in [(pointers[0], other), (other, pointers[0])] {
      await #expect {
        _ = try await store.get(pair.0, and: pair.1)
      } throws: {
        ($0 as? SternaError)?.code == .versionPruned
      }
    }
  }
}
