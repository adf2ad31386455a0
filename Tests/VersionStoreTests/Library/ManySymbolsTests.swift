import ObjectStore
import SternaBase
import Synchronization
import TestSupport
import Testing

@testable import VersionStore

/// Row 47 of the catalogue of faults: libraries of very many symbols.
@Suite(.timeLimit(.minutes(10))) struct ManySymbolsTests {
  /// Lists refs that nobody has stored: 4,000 in each of 256 shards, 1,000 a page.
  private final class GeneratedRefs: ListingOnlyObjectStore {
    static let symbolsPerShard = 4_000
    private static let pageSize = 1_000
    private let state = Mutex((now: 0, most: 0, count: 0))
    var requestsAtOnceMax: Int { state.withLock { $0.most } }
    var requestCount: Int { state.withLock { $0.count } }

    func list(_ request: ListRequest) async throws -> ListPage {
      state.withLock { state in
        state.now += 1
        state.count += 1
        state.most = max(state.most, state.now)
      }
      for _ in 0..<10 { await Task.yield() }
      defer { state.withLock { $0.now -= 1 } }
      let shard =
        request.prefix == LibraryKeys.refsPrefix ? "00" : String(request.prefix.dropLast().suffix(2))
      let first = request.continuation.flatMap { Int($0) } ?? 0
      let entries = (first..<(first + Self.pageSize)).map { number in
        ListPage.Entry(
          key: "\(LibraryKeys.refsPrefix)\(shard)/s\(shard)-\(1_000 + number)", byteCount: 312,
          tag: ETag("t"))
      }
      let isLast = first + Self.pageSize == Self.symbolsPerShard
      return ListPage(entries: entries, continuation: isLast ? nil : String(first + Self.pageSize))
    }
  }

  @Test func aMillionSymbolsAreListedInParallel() async throws {
    let refs = GeneratedRefs()
    let store = SymbolStore(store: refs, environment: SimulatedEnvironment().environment)
    let names = try await store.symbols()
    #expect(names.count == 256 * GeneratedRefs.symbolsPerShard)
    #expect(names.first == "s00-1000" && names.last == "sff-4999")
    // One look, and then each shard's pages; several shards at once, but not all.
    #expect(refs.requestCount == 1 + 256 * 4)
    #expect((2...32).contains(refs.requestsAtOnceMax))
  }
}
