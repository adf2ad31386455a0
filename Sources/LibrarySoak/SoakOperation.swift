import Columnar
import Sterna
import SternaBase

/// What a client was asked to do, and what it said.
struct SoakOperation: Sendable {
  enum Kind: Sendable {
    case write, append
    /// Replaces a range of times.
    case update(ClosedRange<Int64>)
    case deleteRows(ClosedRange<Int64>)
    case restore(version: Int)
    /// The operation's rows are those of the snapshot.
    case restoreFromSnapshot(name: String)
    case commitStaged([SoakPiece], StagedMode, merging: Bool)
    /// Of a version whose rows are the operation's.
    case copy(from: String, version: Int)
    // These make no version.
    case deleteVersions([Int])
    case prune(keeping: Int)
    case snapshot(name: String, version: Int)
    case deleteSnapshot(name: String)
    case stage
    case abandon([SoakPiece])
    case deleteSymbol
    /// Makes versions of another symbol.
    case rename(to: String)
    case collect
  }

  enum Outcome: Sendable {
    case committed(version: Int)
    /// Of an operation that makes no version, or found nothing to do.
    case done
    case staged(token: String)
    case failed(SternaError)
    case unknown
  }

  var kind: Kind
  var symbol: String
  var frame: DataFrame
  var outcome = Outcome.unknown

  var makesVersion: Bool {
    switch kind {
    case .write, .append, .update, .deleteRows, .restore, .restoreFromSnapshot, .commitStaged, .copy: true
    case .deleteVersions, .prune, .snapshot, .deleteSnapshot, .stage, .abandon, .deleteSymbol, .rename,
      .collect:
      false
    }
  }

  var isRename: Bool { if case .rename = kind { true } else { false } }

  /// What the operation makes of the newest version that can be read; nil where it cannot have made any.
  func result(on history: SoakHistory) throws(SternaError) -> DataFrame? {
    let base = history.latest
    switch kind {
    case .write: return frame
    case .append:
      guard let base else { return frame }
      return try DataFrame.concatenating([base, frame])
    case .update(let range): return try base?.replacing(range, by: frame)
    case .deleteRows(let range): return try base?.replacing(range, by: nil)
    case .restore(let version): return history.frames[version]
    case .copy, .restoreFromSnapshot: return frame
    case .commitStaged(let pieces, let mode, let merging):
      guard let rows = try SoakPiece.rows(of: pieces, merging: merging) else { return nil }
      guard mode == .append, let base else { return rows }
      return try DataFrame.concatenating([base, rows])
    default: return nil
    }
  }

  func run(on library: Library) async -> SoakOperation {
    var done = self
    do throws(SternaError) {
      done.outcome = try await perform(on: library)
    } catch {
      done.outcome = error.code == .commitStateUnknown ? .unknown : .failed(error)
    }
    return done
  }

  private func perform(on library: Library) async throws(SternaError) -> Outcome {
    if let version = try await makeVersion(in: library) { return .committed(version: version.version) }
    switch kind {
    case .deleteVersions(let versions): try await library.deleteVersions(versions, of: symbol)
    case .prune(let count): try await library.prune(symbol, keepingLatest: count)
    case .snapshot(let name, let version):
      try await library.snapshot(name, versions: [symbol: .version(version)])
    case .deleteSnapshot(let name): try await library.deleteSnapshot(name)
    case .stage: return .staged(token: try await library.stage(symbol, frame).token)
    case .abandon(let pieces): try await library.abandonStaged(symbol, tokens: pieces.map(\.token))
    case .deleteSymbol: try await library.deleteSymbol(symbol)
    case .rename(let newName): try await library.rename(symbol, to: newName)
    case .collect:
      if let failure = try await library.symbols.collectAll().first { throw failure }
    default: break
    }
    return .done
  }

  private func makeVersion(in library: Library) async throws(SternaError) -> VersionInfo? {
    switch kind {
    case .write: try await library.write(symbol, frame)
    case .append: try await library.append(symbol, frame)
    case .update(let range): try await library.update(symbol, frame, time: Self.timestamps(range))
    case .deleteRows(let range): try await library.deleteRows(of: symbol, time: Self.timestamps(range))
    case .restore(let version): try await library.restore(symbol, asOf: .version(version))
    case .restoreFromSnapshot(let name): try await library.restore(symbol, asOf: .snapshot(name))
    case .commitStaged(let pieces, let mode, let merging):
      try await library.commitStaged(symbol, tokens: pieces.map(\.token), as: mode, merging: merging)
    case .copy(let origin, let version):
      try await library.copy(origin, as: symbol, asOf: .version(version)).first
    default: nil
    }
  }

  private static func timestamps(_ range: ClosedRange<Int64>) -> ClosedRange<Timestamp> {
    Timestamp(nanosecondsSinceEpoch: range.lowerBound)...Timestamp(nanosecondsSinceEpoch: range.upperBound)
  }

  var description: String { "\(kind) of \(frame.rowCount) rows, \(symbol): \(outcome)" }
}

extension DataFrame {
  /// The rows with those of a closed range of times replaced.
  fileprivate func replacing(
    _ range: ClosedRange<Int64>, by frame: DataFrame?
  ) throws(SternaError) -> DataFrame {
    guard let index else { return self }
    let before = slice(0..<index.lowerBound(of: range.lowerBound))
    let after = slice(index.upperBound(of: range.upperBound)..<rowCount)
    return try DataFrame.concatenating([before] + (frame.map { [$0] } ?? []) + [after])
  }
}
