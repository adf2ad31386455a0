import SternaBase
import VersionStore

/// The builders: from a state to the next one, with every request that this takes.
///
/// They follow `WriteBuilder`, `AppendBuilder`, `UploadedSlices` and `HistorySpill`, on trees of one node.
extension Writer {
  struct Build {
    var requests: [Request] = []
    /// Nil when the operation is impossible on the state.
    var root: UInt32?
    var tokens: [UniqueID] = []
    /// Entries that leave the ref, with the block that takes them.
    var spilledCount = 0
    var history: UInt32?
  }

  mutating func beginBuild(on base: UInt32, isRebase: Bool, in universe: Universe) {
    phase = .building(base: base, isRebase: isRebase, step: 0)
    let build = build(on: base, isRebase: isRebase, in: universe)
    if build.root == nil || build.requests.isEmpty { didBuild(build, on: base, in: universe) }
  }

  mutating func didBuildStep(
    _ step: Int, _ answer: Answer, on base: UInt32, isRebase: Bool, in universe: Universe
  ) {
    guard answer != .missing else {
      return send(.didNotBuild(SternaError(.versionPruned, "a block is gone")), in: universe)
    }
    let build = build(on: base, isRebase: isRebase, in: universe)
    phase = .building(base: base, isRebase: isRebase, step: step + 1)
    if step + 1 == build.requests.count { didBuild(build, on: base, in: universe) }
  }

  private mutating func didBuild(_ build: Build, on base: UInt32, in universe: Universe) {
    guard let root = build.root else {
      return send(.didNotBuild(SternaError(.conflict, "impossible on this state")), in: universe)
    }
    if firstRoot == nil { firstRoot = root }
    let state = universe.ref(base) ?? RefState(symbol: "S\(symbol)", writeID: commitID)
    let entry = VersionEntry(
      number: state.nextVersion, commitID: commitID, time: state.nextTime(now: 0),
      operation: isAppend ? .append : .write, content: universe.makeContent(root), tokens: build.tokens)
    let id = universe.freshID(drawer: drawer, base: base, count: drawCount + (series << 8))
    drawCount += 1
    var next = state.appending(entry, writeID: id)
    if let history = build.history {
      next.recent.removeFirst(build.spilledCount)
      next.history = .block(universe.pointer(to: history))
    }
    send(.didBuild(next), in: universe)
  }

  var isAppend: Bool {
    switch operation {
    case .append, .commitStaged: true
    default: false
    }
  }

  func build(on base: UInt32, isRebase: Bool, in universe: Universe) -> Build {
    var build = Build()
    let epoch = universe.snapshot(base).epoch
    switch operation {
    case .append:
      build.root = append([segment(under: epoch, &build, universe)], to: base, &build, universe)
    case .replace:
      build.root = node([segment(under: epoch, &build, universe)], epoch, &build, universe)
    case .rewrite:
      let shared = sharedSegments(on: base, &build, universe)
      build.root = node(shared + [segment(under: epoch, &build, universe)], epoch, &build, universe)
    case .restore(let version): build.root = restore(version, on: base, isRebase, universe)
    case .restoreSnapshot: build.root = restoreSnapshot(on: base, &build, universe)
    case .commitStaged: build.root = appendStaged(to: base, &build, universe)
    }
    guard build.root != nil else { return build }
    spill(base, &build, universe)
    return build
  }

  // MARK: Pieces

  /// The writer's own rows under the epoch of the state that it builds on.
  private func segment(under epoch: UInt64, _ build: inout Build, _ universe: Universe) -> UInt32 {
    let uploaded = uploadedSegment(under: uploadEpoch, in: universe)
    guard uploadEpoch != epoch, universe.holds(.rebaseUploadsUnderNewEpoch) else { return uploaded }
    return copy(uploaded, to: epoch, &build, universe)
  }

  /// What a rewrite need not upload, as the state lets it refer to it: under its epoch, or of a version
  /// that is live in it; else copied.
  private func sharedSegments(
    on base: UInt32, _ build: inout Build, _ universe: Universe
  ) -> [UInt32] {
    guard let firstBase, let origin = universe.ref(firstBase)?.latest, let content = origin.content,
      let shared = universe.segments(of: content, symbol: symbol).first
    else { return [] }
    let epoch = universe.snapshot(base).epoch
    let mayStay =
      universe.block(shared).epoch == epoch
      || universe.isLive(origin.number, in: base, symbol: symbol)
      || !universe.holds(.sharedBlocksAreJudged)
    return [mayStay ? shared : copy(shared, to: epoch, &build, universe)]
  }

  private func copy(
    _ block: UInt32, to epoch: UInt64, _ build: inout Build, _ universe: Universe
  ) -> UInt32 {
    let moved = universe.moved(block, to: epoch)
    build.requests += [.getBlock(block), .putBlock(moved)]
    return moved
  }

  private func node(
    _ children: [UInt32], _ epoch: UInt64, _ build: inout Build, _ universe: Universe
  ) -> UInt32 {
    let node = universe.block(symbol, epoch: epoch, .node(children))
    build.requests.append(.putBlock(node))
    return node
  }

  private func append(
    _ segments: [UInt32], to base: UInt32, _ build: inout Build, _ universe: Universe
  ) -> UInt32 {
    let snapshot = universe.snapshot(base)
    var children: [UInt32] = []
    if let latest = snapshot.state?.latest?.content,
      let root = universe.block(of: latest.root, symbol: symbol)
    {
      build.requests.append(.getBlock(root))
      children = universe.segments(of: latest, symbol: symbol)
    }
    return node(children + segments, snapshot.epoch, &build, universe)
  }

  private func restore(
    _ version: UInt64, on base: UInt32, _ isRebase: Bool, _ universe: Universe
  ) -> UInt32? {
    if isRebase, let firstRoot, !universe.holds(.rebaseDerivesPointers) { return firstRoot }
    guard let state = universe.ref(base),
      let content = universe.entry(version, of: state, symbol: symbol)?.content
    else { return nil }
    return universe.block(of: content.root, symbol: symbol)
  }

  private func restoreSnapshot(on base: UInt32, _ build: inout Build, _ universe: Universe) -> UInt32? {
    guard let document = extras.first, let snapshot = universe.document(document).snapshot,
      snapshot.phase == .live, let member = snapshot.members.first(where: { $0.cell == symbol }),
      case .node(let children) = universe.content(of: member.root)
    else { return nil }
    let reached = Set(universe.roots(of: base, cell: symbol))
    if reached.contains(member.root) || !universe.holds(.restoreCopies) { return member.root }
    let epoch = universe.snapshot(base).epoch
    build.requests.append(.getBlock(member.root))
    let copies = children.map {
      reached.contains($0) ? $0 : copy($0, to: epoch, &build, universe)
    }
    return node(copies, epoch, &build, universe)
  }

  private func appendStaged(to base: UInt32, _ build: inout Build, _ universe: Universe) -> UInt32? {
    let snapshot = universe.snapshot(base)
    let known = Set(
      snapshot.state.map { universe.entries(of: $0, symbol: symbol).flatMap(\.tokens) } ?? [])
    var segments: [UInt32] = []
    for document in extras {
      guard let staged = universe.document(document).staged else { return nil }
      if universe.holds(.tokensAreRecorded) {
        guard !known.contains(staged.token) else { return nil }
        build.tokens.append(staged.token)
      }
      let isCurrent = staged.epoch == snapshot.epoch || !universe.holds(.stagedBlocksAreCopied)
      segments.append(
        isCurrent ? staged.block : copy(staged.block, to: snapshot.epoch, &build, universe))
    }
    return append(segments, to: base, &build, universe)
  }

  /// Moves the older half of the versions out of a ref that would hold too many.
  private func spill(_ base: UInt32, _ build: inout Build, _ universe: Universe) {
    guard let state = universe.ref(base), state.recent.count + 1 > universe.scenario.recentCountMax else {
      return
    }
    build.spilledCount = (state.recent.count + 1) / 2
    if let old = universe.block(of: state.history, symbol: symbol) { build.requests.append(.getBlock(old)) }
    let old = universe.entries(of: state, symbol: symbol).count - state.recent.count
    let moved = universe.entries(of: state, symbol: symbol).prefix(old + build.spilledCount)
    let history = universe.block(symbol, epoch: state.epoch, .history(Array(moved)))
    build.requests.append(.putBlock(history))
    build.history = history
  }
}
