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
      #expect(idle.keep(buffer(number, byteCount: size)).isEmpty)
    }
    #expect(idle.take(byteCount: 950)?.memory.count == 1_000)
    #expect(idle.take(byteCount: 950)?.memory.count == 1_100)
    #expect(idle.byteCount == 2_900)
  }

  @Test func aLargeBufferIsNotWastedOnASmallOne() {
    var idle = IdleMemory(byteCountMax: 10_000)
    _ = idle.keep(buffer(0, byteCount: 2_000))
    #expect(idle.take(byteCount: 1_000) == nil)
    #expect(idle.take(byteCount: 2_001) == nil)
    #expect(idle.take(byteCount: 1_600) != nil)
    #expect(idle.byteCount == 0)
  }

  @Test func theOldestGoWhereTheLimitIsPassed() {
    var idle = IdleMemory(byteCountMax: 1_000)
    #expect(idle.keep(buffer(0, byteCount: 400)).isEmpty)
    #expect(idle.keep(buffer(1, byteCount: 600)).isEmpty)
    let gone = idle.keep(buffer(2, byteCount: 500))
    #expect(gone.map(\.memory.count) == [400, 600])
    #expect(idle.byteCount == 500)
    #expect(idle.keep(buffer(3, byteCount: 1_001)).map(\.memory.count) == [1_001])
    #expect(idle.byteCount == 500)
  }

  @Test func onlySoManyBuffersWait() {
    var idle = IdleMemory(byteCountMax: .max)
    let goneCount = (0..<1_000).reduce(0) { $0 + idle.keep(buffer($1, byteCount: 1)).count }
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
