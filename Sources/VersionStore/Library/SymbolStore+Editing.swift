import Columnar
import SternaBase

// MARK: - New versions from old ones

extension SymbolStore {
  /// Writes a version in which the rows of `range` gave way to `frame`'s.
  ///
  /// - Parameter range: nil for the range from the frame's first to its last index value.
  /// - Parameter createsSymbol: whether a symbol that does not exist begins with the frame.
  package func update(
    _ symbol: String, _ frame: DataFrame, range: ClosedRange<Int64>? = nil, createsSymbol: Bool = false,
    metadata: JSONValue? = nil
  ) async throws -> VersionEntry {
    let range = try replacedRange(range, of: frame)
    return try await replace(
      symbol, .update, range, frame, createsSymbol: createsSymbol, metadata: metadata)
  }

  /// Writes a version without the rows of `range`.
  package func deleteRows(
    _ symbol: String, _ range: ClosedRange<Int64>, metadata: JSONValue? = nil
  ) async throws -> VersionEntry {
    try await replace(symbol, .deleteRows, range, nil, createsSymbol: false, metadata: metadata)
  }

  /// Writes a version with the data of the latest one and other metadata.
  package func writeMetadata(_ symbol: String, _ metadata: JSONValue) async throws -> VersionEntry {
    try await reuse(symbol, .writeMetadata, .latest, metadata: metadata)
  }

  private func replace(
    _ symbol: String, _ operation: VersionEntry.Operation, _ range: ClosedRange<Int64>, _ frame: DataFrame?,
    createsSymbol: Bool, metadata: JSONValue?
  ) async throws -> VersionEntry {
    let blocks = blocks(of: try name(symbol))
    let builder = RangeReplacement(
      operation: operation, range: range, frame: frame,
      metadata: try metadata.map { Bytes(utf8: try $0.serialized()) }, createsSymbol: createsSymbol,
      tree: treeExtension(blocks), concurrency: options.fetchConcurrency)
    return try await commit(builder, blocks, try await base(of: blocks.symbol))
  }

  /// Writes a version with the data of one that the symbol has.
  func reuse(
    _ symbol: String, _ operation: VersionEntry.Operation, _ selector: VersionSelector,
    metadata: JSONValue? = nil
  ) async throws -> VersionEntry {
    let blocks = blocks(of: try name(symbol))
    let builder = ContentReuse(
      operation: operation, selector: selector,
      metadata: try metadata.map { Bytes(utf8: try $0.serialized()) },
      blocks: blocks, concurrency: options.fetchConcurrency)
    return try await commit(builder, blocks, try await base(of: blocks.symbol))
  }

  /// The index values whose rows an update replaces.
  func replacedRange(
    _ range: ClosedRange<Int64>?, of frame: DataFrame
  ) throws -> ClosedRange<Int64> {
    guard let index = frame.index else {
      throw SternaError(
        .invalidArgument, "the rows have no index, so what they replace cannot be found",
        advice: "Give the frame the symbol's index column.")
    }
    let range = try range ?? Self.extent(of: index)
    if frame.rowCount > 0 {
      let extent = try Self.extent(of: index)
      guard range.contains(extent.lowerBound), range.contains(extent.upperBound) else {
        throw SternaError(
          .invalidArgument,
          "the rows reach from \(index.type.indexText(extent.lowerBound)) to "
            + "\(index.type.indexText(extent.upperBound)), outside of the range that they are to replace",
          advice: "Give rows within the range only, or no range.")
      }
    }
    return range
  }

  static func extent(of index: Column) throws(SternaError) -> ClosedRange<Int64> {
    guard index.count > 0 else {
      throw SternaError(
        .invalidArgument, "there are no rows and no range, so nothing says what to replace",
        advice: "Give a range to delete its rows.")
    }
    let (first, last) = (index.indexValue(at: 0), index.indexValue(at: index.count - 1))
    guard first <= last, index.firstUnsortedRow == nil else {
      throw SternaError(
        .unsortedIndex, "the rows are not in the order of their index", advice: "Sort them.")
    }
    return first...last
  }
}

// MARK: - Deleting

extension SymbolStore {
  /// Deletes versions; their numbers stay given. Data goes with the next garbage collection.
  ///
  /// With its last version a symbol is deleted too: it would be listed, and could not be read.
  /// - Throws: `versionNotFound` when one of them was never committed. Deleting a deleted one does nothing.
  package func deleteVersions(_ symbol: String, _ numbers: Set<UInt64>) async throws {
    let blocks = blocks(of: try name(symbol))
    try await edit(blocks) { state in
      if let unknown = numbers.filter({ $0 >= state.nextVersion }).min() {
        throw SternaError(.versionNotFound, "symbol '\(symbol)' has no version \(unknown)")
      }
      let deletion = VersionDeletion(blocks: blocks, concurrency: options.fetchConcurrency)
      guard let next = try await deletion.deleting(numbers, from: state) else { return nil }
      let history = HistoryReader(blocks: blocks, concurrency: options.fetchConcurrency)
      let remaining = try await history.latestLive(below: next.nextVersion, of: next)
      return remaining == nil ? Self.ended(next) : next
    }
  }

  /// Deletes all versions below the newest `count` live ones.
  package func prune(_ symbol: String, keepingLatest count: Int) async throws {
    let blocks = blocks(of: try name(symbol))
    try await edit(blocks) { state in
      let history = HistoryReader(blocks: blocks, concurrency: options.fetchConcurrency)
      var oldest = state.nextVersion
      for _ in 0..<max(1, count) {
        guard let live = try await history.latestLive(below: oldest, of: state) else { return nil }
        oldest = live.number
      }
      return oldest > state.liveFrom ? state.deletingVersions(below: oldest) : nil
    }
  }

  /// Deletes a symbol with all its versions. Its name can be written again; version numbers go on.
  /// - Throws: `symbolNotFound`.
  package func deleteSymbol(_ symbol: String) async throws {
    let blocks = blocks(of: try name(symbol))
    let life = try await liveRef(of: blocks.symbol).life
    try await edit(blocks) { state in
      // Applied twice it must not end a life that began in between.
      guard state.life == life, !state.isDeleted else { return nil }
      return Self.ended(state)
    }
  }

  private static func ended(_ state: RefState) -> RefState {
    var next = state.deletingVersions(below: state.nextVersion)
    next.isDeleted = true
    next.life += 1
    return next
  }

  @discardableResult
  func edit(
    _ blocks: BlockStore, _ change: @escaping @Sendable (RefState) async throws -> RefState?
  ) async throws -> RefSnapshot {
    memory.forget(blocks.symbol)
    return try await RefEditLoop(refs: refs, symbol: blocks.symbol, environment: environment).run(change)
  }
}
