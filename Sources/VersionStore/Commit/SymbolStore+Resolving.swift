import SternaBase

extension SymbolStore {
  /// How often a fence is sent before the store is left alone.
  private static let fenceCountMax = 8

  /// Finds out what became of a commit that ended as `commitStateUnknown`; where it did not happen yet,
  /// sees to it that it never will. Any process may ask, once the writer has given up.
  package func resolve(_ token: CommitToken) async throws -> CommitResolver.Outcome {
    let blocks = blocks(of: try name(token.symbol))
    memory.forget(blocks.symbol)
    var resolver = CommitResolver(token, makeWriteID: environment.makeUniqueID)
    var action = resolver.handle(.started)
    var fenceCount = 0
    while true {
      switch action {
      case .read:
        let snapshot = try await refs.read(blocks.symbol)
        // A fence must not make a symbol in a library that is gone.
        if snapshot.state == nil { try await requireLibrary() }
        action = resolver.handle(.didRead(snapshot))
      case .lookUp(let version, let snapshot):
        guard let state = snapshot.state else { return .unknown }
        let history = HistoryReader(blocks: blocks, concurrency: options.fetchConcurrency)
        action = resolver.handle(.didLookUp(try await history.entry(version, of: state)))
      case .put(let fence, let base):
        do {
          _ = try await refs.write(fence.encode(), of: blocks.symbol, replacing: base)
          action = resolver.handle(.didPut)
        } catch let error as SternaError where error.isSettledByReading && fenceCount < Self.fenceCountMax {
          fenceCount += 1
          await CommitPause(environment: environment).wait(round: fenceCount)
          action = resolver.handle(.didNotPut)
        }
      case .finish(let outcome): return outcome
      }
    }
  }
}
