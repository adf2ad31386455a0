import Columnar
import ObjectStore
import SternaBase
import Synchronization
import TestSupport
import Testing

@testable import VersionStore

/// A rewrite over data that cannot be read succeeds, and says what it met.
@Suite struct PartWarningTests {
  @Test func whatCannotBeReadIsWarnedOfOnce() async throws {
    let library = SimulatedLibrary()
    var numbers = (0..<20_000).map { Int64($0) * 10 }
    _ = try await library.client(seed: 1, rowsPerSlice: 1_024).write("S", try NumberFrames.only(numbers))
    for key in try await library.keys() where key.hasSuffix(".seg") {
      var damaged = try await library.memory.get(key).bytes.array
      damaged[damaged.count / 2] ^= 0x20
      try await library.memory.put(key, Bytes(damaged))
    }
    let warnings = Warnings()
    var options = SymbolStore.Options(shape: SliceShape(rowCountTarget: 1_024))
    options.warn = { warnings.add($0) }
    let mender = SymbolStore(
      store: library.memory, environment: SimulatedEnvironment(seed: 2).environment, options: options)
    numbers.removeFirst(700)
    _ = try await mender.write("S", try NumberFrames.only(numbers))
    #expect(warnings.texts.count == 1)
    #expect(warnings.texts.first?.hasPrefix("Rows are written anew where version 0 of symbol 'S'") == true)
  }
}

private final class Warnings: Sendable {
  private let collected = Mutex<[String]>([])
  var texts: [String] { collected.withLock { $0 } }
  func add(_ text: String) { collected.withLock { $0.append(text) } }
}
