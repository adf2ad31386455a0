import SternaBase

/// Versions as snapshots hold them: resting on blocks, not on what the ref alone has.
extension SymbolStore {
  /// A version in a form that a snapshot can copy.
  ///
  /// A small inline tail is copied with the entry. A large one would be in every snapshot again, so it is
  /// flushed first: then the ref and all snapshots share one block, under the same rules as all others.
  func holdableEntry(_ symbol: String, _ selector: VersionSelector) async throws -> VersionEntry {
    for _ in 1..<Self.flushAttemptCountMax {
      let found = try await version(symbol, selector)
      if isHoldable(found.entry) { return found.entry }
      let state = try await flushTail(of: found.entry.number, found.blocks)
      if let entry = state?.recentEntry(found.entry.number), isHoldable(entry) { return entry }
    }
    let found = try await version(symbol, selector)
    guard isHoldable(found.entry) else {
      throw SternaError(
        .conflict, "symbol '\(symbol)' was changed again and again while a snapshot was made of it",
        advice: "Try again.")
    }
    return found.entry
  }

  private static let flushAttemptCountMax = 4

  /// Makes a block of the tail that a version uses, for all versions that use it.
  private func flushTail(of number: UInt64, _ blocks: BlockStore) async throws -> RefState? {
    try await edit(blocks) { state in
      guard let tail = state.recentEntry(number)?.content?.tail?.tail, tail.inlineBytes != nil else {
        return nil
      }
      var next = state
      try await TailFlush(blocks: blocks, limits: options.tail, concurrency: options.fetchConcurrency)
        .flush([tail], epoch: state.epoch, of: &next.recent)
      return next
    }.state
  }

  private func isHoldable(_ entry: VersionEntry) -> Bool {
    guard let content = entry.content else { return false }
    return content.tail.map { !options.tail.mustBecomeBlock($0.tail) } ?? true
  }
}
