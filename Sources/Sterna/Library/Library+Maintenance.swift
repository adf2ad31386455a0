import SternaBase
import VersionStore

extension Library {
  /// Deletes what no version and no snapshot of a symbol leads to any more. Writers may go on meanwhile.
  ///
  /// - Parameter isDryRun: only count; what writers are uploading right now is then counted too.
  public func collect(
    _ symbol: String, isDryRun: Bool = false
  ) async throws(SternaError) -> CollectionResult {
    try await reporting { CollectionResult(try await symbols.collect(symbol, isDryRun: isDryRun)) }
  }

  /// Collects the garbage of all symbols, also of deleted ones and of writes that never completed.
  ///
  /// - Parameters:
  ///   - resumeAfter: where an interrupted collection stopped, from its last progress.
  ///   - progress: called after each batch of symbols with the result so far.
  public func collect(
    isDryRun: Bool = false, resumeAfter: String? = nil,
    progress: @Sendable (CollectionResult) -> Void = { _ in }
  ) async throws(SternaError) -> CollectionResult {
    try await reporting {
      let report = try await symbols.collect(isDryRun: isDryRun, resumeAfter: resumeAfter) {
        progress(CollectionResult($0))
      }
      // A mistyped library looks just like an empty one.
      if report.symbolCount == 0 { try await symbols.requireLibrary() }
      return CollectionResult(report)
    }
  }

  /// The versions of a symbol that a retention does not keep, ascending: what to prune.
  public func versionsToPrune(
    of symbol: String, keeping retention: Retention
  ) async throws(SternaError) -> [Int] {
    try await reporting {
      try await symbols.versionsToPrune(symbol, keeping: retention.policy).map { Int($0) }
    }
  }

  /// Deletes the versions of a symbol that a retention does not keep, in one commit; their data goes with
  /// the next collection.
  /// - Returns: their numbers, ascending.
  @discardableResult
  public func prune(_ symbol: String, keeping retention: Retention) async throws(SternaError) -> [Int] {
    try await reporting { try await symbols.prune(symbol, keeping: retention.policy).map { Int($0) } }
  }

  /// What each symbol takes up in the store, deleted ones included, sorted by name; from listings alone.
  public func storageUse() async throws(SternaError) -> (symbols: [SymbolUse], snapshotByteCount: Int) {
    try await reporting {
      let use = try await symbols.storageUse()
      if use.symbols.isEmpty { try await symbols.requireLibrary() }
      return (use.symbols.map { SymbolUse($0) }, use.snapshotByteCount)
    }
  }

  /// Verifies a symbol: its ref, history and index, and the data as thoroughly as asked.
  public func verify(
    _ symbol: String, _ thoroughness: Thoroughness = .hashes
  ) async throws(SternaError) -> VerificationResult {
    try await reporting {
      VerificationResult(try await symbols.verify(symbol, depth: thoroughness.depth))
    }
  }

  /// Verifies everything in the library.
  ///
  /// - Throws: only when the store cannot be read; what is wrong in it is in the result.
  public func verify(
    _ thoroughness: Thoroughness = .hashes,
    progress: @Sendable (VerificationResult) -> Void = { _ in }
  ) async throws(SternaError) -> VerificationResult {
    try await reporting {
      let report = try await symbols.verify(depth: thoroughness.depth) { progress(VerificationResult($0)) }
      if report.symbolCount == 0 { try await symbols.requireLibrary() }
      return VerificationResult(report)
    }
  }
}
