import SternaBase
import VersionStore

/// What must be true in every world: the rules of a history checker, on documents, on steps between
/// documents, and on what processes have promised.
///
/// All but the presence of blocks depends on two numbers at most, so each pair is judged once.
final class Invariants {
  private let universe: Universe
  private var judgedRefs: [UInt64: String?] = [:]
  private var judgedSteps: [UInt64: String?] = [:]
  private var judgedClaims: [UInt64: String?] = [:]

  init(_ universe: Universe) { self.universe = universe }

  /// Judges the replacement of a document.
  func judge(_ old: UInt32, _ new: UInt32, cell: Int) -> String? {
    let key = UInt64(old) << 36 | UInt64(new) << 4 | UInt64(cell)
    if let known = judgedSteps[key] { return known }
    let verdict = judgeRef(new, cell) ?? judgeStep(from: old, to: new, cell)
    judgedSteps[key] = verdict
    return verdict
  }

  /// Judges what a process has promised against a document, `process` being its number.
  func judge(_ process: UInt32, _ claims: [Claim], against document: UInt32, cell: Int) -> String? {
    if claims.isEmpty { return nil }
    let key = UInt64(process) << 36 | UInt64(document) << 4 | UInt64(cell)
    if let known = judgedClaims[key] { return known }
    var verdict: String?
    for claim in claims where verdict == nil { verdict = judge(claim, document, cell) }
    judgedClaims[key] = verdict
    return verdict
  }

  /// Judges whether everything that a document needs exists.
  func judgeBlocks(of world: World, cell: Int) -> String? {
    let document = world.document(in: cell)
    if let staged = universe.document(document).staged, staged.cell != cell {
      return judgeToken(staged, document, in: world)
    }
    guard let missing = world.firstMissing(of: universe.needs(of: document, cell: cell)) else { return nil }
    return "\(universe.describe(document: document, cell: cell)) needs "
      + "\(universe.describe(block: missing)), which is gone"
  }
}

extension Invariants {
  /// A token that was handed over is good until somebody commits it or gives it up.
  private func judgeToken(_ staged: StagedDocument, _ document: UInt32, in world: World) -> String? {
    let symbol = universe.block(staged.block).symbol
    guard world.document(in: staged.cell) == document, !world.has(staged.block),
      let state = universe.ref(world.document(in: symbol)),
      !universe.entries(of: state, symbol: symbol).contains(where: { $0.tokens.contains(staged.token) })
    else { return nil }
    return "a token was handed over, and its \(universe.describe(block: staged.block)) is gone"
  }
}

// MARK: - Documents

extension Invariants {
  private func judgeRef(_ document: UInt32, _ cell: Int) -> String? {
    guard let state = universe.ref(document) else { return nil }
    let entries = universe.entries(of: state, symbol: cell)
    guard entries.map(\.number) == Array(0..<state.nextVersion) else {
      return "version numbers are not dense: \(entries.map(\.number)), next \(state.nextVersion)"
    }
    let operations = entries.map(\.commitID.high).filter { $0 != 0 }
    guard Set(operations).count == operations.count else { return "an operation was applied twice" }
    let pieces = state.latest?.content.map { universe.rows(of: $0, symbol: cell) } ?? []
    let staged = pieces.filter { $0 >= Universe.stagedRows }
    guard Set(staged).count == staged.count else { return "a staged piece was ingested twice" }
    guard state.life <= universe.scenario.deletionCount else {
      return "the symbol was deleted once too often"
    }
    return nil
  }

  private func judgeStep(from old: UInt32, to new: UInt32, _ cell: Int) -> String? {
    guard let before = universe.ref(old), let after = universe.ref(new) else { return nil }
    guard after.epoch >= before.epoch, after.life >= before.life else { return "epoch or life went back" }
    guard after.nextVersion >= before.nextVersion, after.nextVersion <= before.nextVersion + 1 else {
      return "the next version went from \(before.nextVersion) to \(after.nextVersion)"
    }
    let olds = universe.entries(of: before, symbol: cell)
    let news = universe.entries(of: after, symbol: cell)
    for (was, now) in zip(olds, news) where was != now {
      if isSameVersion(was, now, cell) { continue }
      var deleted = was
      deleted.content = nil
      // The number survives; that the commit id does is judged by what its writer was told.
      deleted.commitID = now.commitID
      guard now == deleted else { return "version \(was.number) changed after it was committed" }
    }
    guard news.count > olds.count, let added = news.last else { return nil }
    return judgeRows(of: added, on: before, cell)
  }

  /// A version may change the form in which its rows are kept: its tail grows, or becomes a block.
  private func isSameVersion(_ was: VersionEntry, _ now: VersionEntry, _ cell: Int) -> Bool {
    guard let old = was.content, let new = now.content, old.root == new.root else { return false }
    var same = now
    same.content = old
    return same == was && universe.rows(of: old, symbol: cell) == universe.rows(of: new, symbol: cell)
  }

  /// The new version is what its operation makes of the version before it.
  private func judgeRows(of added: VersionEntry, on before: RefState, _ cell: Int) -> String? {
    guard let content = added.content else { return "a version was born without data" }
    let rows = universe.rows(of: content, symbol: cell)
    let base = before.latest?.content.map { universe.rows(of: $0, symbol: cell) } ?? []
    switch universe.scenario.operation(added.commitID.high) {
    case .append(let own): return rows == base + [own] ? nil : "append made \(rows) of \(base) and \(own)"
    case .replace(let own): return rows == [own] ? nil : "replace made \(rows) instead of \(own)"
    case .rewrite(let own):
      // Nothing is shared when there was no version to begin with.
      return rows.last == own && rows.count <= 2 ? nil : "rewrite made \(rows) with \(own)"
    case .commitStaged, .commitAllStaged:
      return rows.starts(with: base) ? nil : "staged pieces made \(rows) of \(base)"
    case .restore, .restoreSnapshot: return nil
    case nil: return "version \(added.number) belongs to nobody"
    }
  }
}

// MARK: - Promises

extension Invariants {
  private func judge(_ claim: Claim, _ document: UInt32, _ cell: Int) -> String? {
    switch claim {
    case .created(let owner, let snapshotCell):
      return cell == snapshotCell ? judgeSnapshot(owner, document) : nil
    case .committed(let operation, _), .failed(let operation), .unknown(let operation):
      guard universe.scenario.symbol(ofOperation: operation) == cell else { return nil }
      return judgeOutcome(claim, operation, document, cell)
    case .readVersion(let version, let rows):
      guard cell == 0, let state = universe.ref(document),
        let content = universe.entry(version, of: state, symbol: cell)?.content
      else { return nil }
      return universe.rows(of: content, symbol: cell) == rows ? nil : "a reader saw other rows"
    case .foundPruned(let version):
      return cell == 0 && universe.isLive(version, in: document, symbol: cell)
        ? "a reader found no data for live version \(version)" : nil
    }
  }

  private func judgeOutcome(
    _ claim: Claim, _ operation: UInt64, _ document: UInt32, _ cell: Int
  ) -> String? {
    let entries = universe.ref(document).map { universe.entries(of: $0, symbol: cell) } ?? []
    let found = entries.filter { $0.commitID.high == operation }.map(\.number)
    switch claim {
    case .committed(_, let version):
      return found == [version]
        ? nil
        : "\(universe.describe(operation: operation)) was reported as version \(version), it is \(found)"
    case .failed:
      return found.isEmpty
        ? nil : "\(universe.describe(operation: operation)) was reported as failed, it is version \(found)"
    default:
      return found.count <= 1 ? nil : "\(universe.describe(operation: operation)) is there twice"
    }
  }

  private func judgeSnapshot(_ owner: UInt64, _ document: UInt32) -> String? {
    guard let snapshot = universe.document(document).snapshot else {
      return "a snapshot that was reported made is not there"
    }
    if snapshot.deletedOwners.contains(where: { $0.high == owner }) { return nil }
    return snapshot.owner.high == owner && snapshot.phase == .live
      ? nil : "a snapshot that was reported made is \(snapshot.phase)"
  }
}
