import CSterna
import Testing

@Suite struct MemoryTests {
  @Test(arguments: [0, 1, 4_096, 300 << 10, 5 << 20])
  func memoryIsTheCallersUntilItIsFreed(size: Int) throws {
    var kept: [OpaquePointer] = []
    for round in UInt8(0)..<4 {
      let memory = try #require(sterna_memory_new(size))
      kept.append(memory)
      let address = try #require(sterna_memory_address(memory))
      #expect(UInt(bitPattern: address) % 64 == 0)
      address.initializeMemory(as: UInt8.self, repeating: round, count: size)
    }
    for (round, memory) in kept.enumerated() {
      let bytes = UnsafeRawBufferPointer(start: sterna_memory_address(memory), count: size)
      #expect(bytes.first.map(Int.init) ?? round == round && bytes.last.map(Int.init) ?? round == round)
      sterna_memory_free(memory)
    }
  }

  @Test func whatThereIsNotIsNULL() {
    #expect(sterna_memory_new(.max) == nil)
    #expect(sterna_memory_new(.max - 4_096) == nil)
    #expect(sterna_memory_new(-1) == nil)
    #expect(sterna_memory_address(nil) == nil)
    sterna_memory_free(nil)
  }
}
