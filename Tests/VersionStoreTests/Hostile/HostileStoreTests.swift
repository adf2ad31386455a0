import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

/// Objects whose hashes are right and whose content is nonsense: an error, never a trap, never a hang.
@Suite struct HostileStoreTests {
  @Test func theWholeStoreReads() async throws {
    let whole = try await HostileStore.makeWhole()
    let (blocks, _) = try await HostileStore.keys(of: whole)
    #expect(blocks.contains { $0.hasSuffix(".hist") })
    // Mending pointers without changing anything keeps the store as it is.
    let bytes = try await whole.get(blocks[0]).bytes.array
    let same = try await HostileStore.replacing(blocks[0], by: bytes, in: whole)
    #expect(await HostileStore.exercise(same) == 0)
    #expect(await HostileStore.exercise(whole) == 0)
  }

  @Test(arguments: ["node", "hist", "seg"])
  func damagedBlocksOfRightHashThrowOrRead(kind: String) async throws {
    let whole = try await HostileStore.makeWhole()
    let blocks = try await HostileStore.keysThatMatter(of: whole).filter { $0.hasSuffix(kind) }
    var generator = SeededGenerator.fresh()
    let seed = "\(generator)"
    var failureCount = 0
    for round in 0..<20 {
      let key = try #require(blocks.randomElement(using: &generator))
      let original = try await whole.get(key).bytes.array
      let damaged = round % 2 == 0 ? generator.mutate(original) : generator.enlarge(original)
      let store = try await HostileStore.replacing(key, by: damaged, in: whole)
      failureCount += await HostileStore.exercise(store)
    }
    #expect(failureCount > 0, "\(seed)")
  }

  @Test func damagedRefsOfRightChecksumThrowOrRead() async throws {
    let whole = try await HostileStore.makeWhole()
    let ref = try await HostileStore.keys(of: whole).ref
    let original = try await whole.get(ref).bytes
    var generator = SeededGenerator.fresh()
    let seed = "\(generator)"
    var failureCount = 0
    for round in 0..<50 {
      let damaged =
        round % 2 == 0 ? generator.mutate(original.array) : generator.enlarge(original.array)
      _ = try await whole.put(ref, HostileStore.resealed(damaged))
      failureCount += await HostileStore.exercise(whole)
    }
    #expect(failureCount > 0, "\(seed)")
  }
}

extension SeededGenerator {
  /// One byte becomes a number that is as large as a count may be, or larger: what sums trip over.
  fileprivate mutating func enlarge(_ original: [UInt8]) -> [UInt8] {
    var bytes = original
    let number: UInt64 =
      [1 << 27, 1 << 40, 1 << 50, 1 << 60, 1 << 63, .max].randomElement(using: &self) ?? 0
    var writer = ByteWriter()
    writer.writeVarint(number)
    let position = Int.random(in: 0..<bytes.count, using: &self)
    bytes.replaceSubrange(position...position, with: writer.finish().array)
    return bytes
  }
}
