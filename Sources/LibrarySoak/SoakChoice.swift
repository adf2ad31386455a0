import Columnar
import Sterna
import SternaBase
import TestSupport
import VersionStore

/// Draws the next operation of a round.
struct SoakChoice {
  /// Whether no other operation runs beside it: only then the newest version may be deleted, for else
  /// nobody could tell what another was built on.
  let isAlone: Bool

  func operation(
    _ symbols: [(name: String, kind: SoakFrames.Kind)], _ histories: [String: SoakHistory],
    _ snapshots: [String: DataFrame?], _ staging: SoakStaging, using random: inout SeededGenerator
  ) throws -> SoakOperation {
    let (symbol, kind) = symbols[Int.random(in: 0..<symbols.count, using: &random)]
    let history = histories[symbol] ?? SoakHistory()
    let latest = history.latest
    // Now and then rows come before the end of the symbol, which must be refused.
    let gap = Int64.random(in: -1...4, using: &random)
    let rowCount = [0, 1, 3, 10, 60][Int.random(in: 0..<5, using: &random)]
    let start = Int64.random(in: 0...max(1, latest?.lastTime ?? 0), using: &random)
    let drawn = Int.random(in: 0..<32, using: &random)
    let name = "s\(Int.random(in: 0..<6, using: &random))"
    let version = history.live.randomElement(using: &random) ?? 0
    let frame = { (first: Int64, random: inout SeededGenerator) throws in
      try SoakFrames.frame(kind, rowCount: rowCount, from: first, using: &random)
    }
    func make(_ kind: SoakOperation.Kind, _ frame: DataFrame) -> SoakOperation {
      SoakOperation(kind: kind, symbol: symbol, frame: frame)
    }
    let none = try SoakFrames.frame(kind, rowCount: 0, from: 0, using: &random)
    let isLarge = (latest?.rowCount ?? 0) > 2_000
    switch drawn {
    // A symbol that only grew would make every later round slower than the one before.
    case _ where isLarge, 0, 1: return make(.write, try frame(0, &random))
    case 2, 3:
      let rows = try frame(start, &random)
      return make(.update(start...max(start + gap + 1, rows.lastTime ?? start)), rows)
    case 4: return make(.deleteRows(start...(start + gap + 20)), none)
    case 5 where version < history.frames.count: return make(.restore(version: version), none)
    case 6: return make(.deleteVersions(deletable(history, version)), none)
    case 7: return make(.prune(keeping: isAlone ? 1 + rowCount % 4 : 8), none)
    case 8 where snapshots[name] == nil && version < history.frames.count:
      return make(.snapshot(name: name, version: version), none)
    case 9 where snapshots[name] != nil: return make(.deleteSnapshot(name: name), none)
    case 10, 11: return make(.collect, none)
    case 24:
      // Of the symbol that the snapshot holds, or refused.
      guard case .some(.some(let held)) = snapshots[name] else { return make(.collect, none) }
      return make(.restoreFromSnapshot(name: name), held)
    case 12, 13, 14: return make(.stage, try frame(start, &random))
    case 15: return make(.stage, try frame((latest?.lastTime ?? 0) + max(gap, 0), &random))
    case 16, 17, 18:
      let pieces = staging.draw(of: symbol, using: &random)
      let isAppend = Bool.random(using: &random)
      guard !pieces.isEmpty else { return make(.stage, try frame(0, &random)) }
      return make(
        .commitStaged(pieces, isAppend ? .append : .replace, merging: kind == .ticks && gap > 0), none)
    case 19 where rowCount < 3: return make(.abandon(staging.draw(of: symbol, using: &random)), none)
    case 20, 21, 22:
      if let copy = copy(to: symbol, kind, symbols, histories, using: &random) { return copy }
      return make(.collect, none)
    case 23 where isAlone:
      let (other, otherKind) = symbols[Int.random(in: 0..<symbols.count, using: &random)]
      return otherKind == kind && other != symbol
        ? make(.rename(to: other), none) : make(.deleteSymbol, none)
    default: return make(.append, try frame((latest?.lastTime ?? 0) + gap, &random))
    }
  }

  private func copy(
    to symbol: String, _ kind: SoakFrames.Kind, _ symbols: [(name: String, kind: SoakFrames.Kind)],
    _ histories: [String: SoakHistory], using random: inout SeededGenerator
  ) -> SoakOperation? {
    let (origin, originKind) = symbols[Int.random(in: 0..<symbols.count, using: &random)]
    guard originKind == kind, origin != symbol, let history = histories[origin],
      let version = history.live.randomElement(using: &random)
    else { return nil }
    return SoakOperation(
      kind: .copy(from: origin, version: version), symbol: symbol, frame: history.frames[version])
  }

  private func deletable(_ history: SoakHistory, _ version: Int) -> [Int] {
    guard version < history.frames.count, isAlone || version != history.live.last else { return [] }
    return [version]
  }
}

extension SymbolStore {
  /// Collects the library; what fails for one symbol ends nothing.
  func collectAll() async throws(SternaError) -> [SternaError] {
    do { return try await collect().failures.map(\.error) } catch { throw SternaError(wrapping: error) }
  }
}
