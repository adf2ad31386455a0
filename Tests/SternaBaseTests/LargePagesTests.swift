import Testing

@testable import SternaBase

@Suite struct LargePagesTests {
  private func buffer(_ number: Int, byteCount: Int) -> IdleMemory.Buffer {
    let address = UnsafeMutableRawPointer(bitPattern: (number + 1) << 40)
    return IdleMemory.Buffer(memory: UnsafeMutableRawBufferPointer(start: address, count: byteCount))
  }

  @Test func theSmallestThatIsLargeEnoughIsTaken() {
    var idle = IdleMemory(byteCountMax: 10_000)
    for (number, size) in [1_000, 900, 1_100, 2_000].enumerated() {
      let gone = idle.keep(buffer(number, byteCount: size))
      #expect(gone.isEmpty)
    }
    let taken = (0..<2).map { _ in idle.take(byteCount: 950)?.memory.count }
    #expect(taken == [1_000, 1_100])
    #expect(idle.byteCount == 2_900)
  }

  @Test func aLargeBufferIsNotWastedOnASmallOne() {
    var idle = IdleMemory(byteCountMax: 10_000)
    _ = idle.keep(buffer(0, byteCount: 2_000))
    let taken = [1_000, 2_001, 1_600].map { idle.take(byteCount: $0)?.memory.count }
    #expect(taken == [nil, nil, 2_000])
    #expect(idle.byteCount == 0)
  }

  @Test func theOldestGoWhereTheLimitIsPassed() {
    var idle = IdleMemory(byteCountMax: 1_000)
    let gone = [400, 600, 500, 1_001].enumerated().map { number, size in
      idle.keep(buffer(number, byteCount: size)).map(\.memory.count)
    }
    #expect(gone == [[], [], [400, 600], [1_001]])
    #expect(idle.byteCount == 500)
  }

  @Test func onlySoManyBuffersWait() {
    var idle = IdleMemory(byteCountMax: .max)
    var goneCount = 0
    for number in 0..<1_000 { goneCount += idle.keep(buffer(number, byteCount: 1)).count }
    #expect(goneCount > 500)
    #expect(idle.byteCount == 1_000 - goneCount)
  }

  @Test(arguments: [0, 1, 100, 256 << 10, 300_000, 4 << 20, 9_000_001])
  func storageOfAnySizeIsTheCallersAlone(count: Int) {
    let storages = (0..<4).map { number in
      let storage = ByteStorage(count: count)
      storage.mutableBytes.initializeMemory(as: UInt8.self, repeating: UInt8(number))
      return storage
    }
    #expect(storages.allSatisfy { Int(bitPattern: $0.address) % ByteStorage.alignment == 0 })
    for (number, storage) in storages.enumerated() {
      #expect(storage.bytes.allSatisfy { $0 == UInt8(number) })
    }
  }

  @Test func memoryThatThereIsNotIsAnError() {
    #expect(throws: SternaError.self) { try ByteStorage(untrustedCount: .max) }
    #expect(throws: SternaError.self) { try ByteStorage(untrustedCount: 1 << 60) }
    #expect(throws: SternaError.self) { try ByteStorage(untrustedCount: -1) }
  }
}
