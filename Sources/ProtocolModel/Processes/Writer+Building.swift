import SternaBase
import VersionStore

/// The builders: from a state to the next one, with every request that this takes.
///
/// They follow `WriteBuilder`, `AppendBuilder`, `UploadedSlices` and `HistorySpill`, on trees of one node.
extension Writer {
  struct Build {
    var requests: [Request] = []
    /// Nil when the operation is impossible on the state.
    var content: VersionContent?
    /// The tail that the content's grew out of.
    var continued: TailUse?
    var tokens: [UniqueID] = []
    /// The state to put, but for its write id.
    var next: RefState?
  }

  mutating func beginBuild(on base: UInt32, isRebase: Bool, in universe: Universe) {
    phase = .building(base: base, isRebase: isRebase, step: 0)
    let build = build(on: base, isRebase: isRebase, in: universe)
    if build.content == nil || build.requests.isEmpty { didBuild(build, on: base, in: universe) }
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
    guard let content = build.content, var next = build.next else {
      return send(.didNotBuild(SternaError(.conflict, "impossible on this state")), in: universe)
    }
    if firstContent == nil { firstContent = content }
    next.writeID = universe.freshID(drawer: drawer, base: base, count: drawCount + (series << 8))
    drawCount += 1
    send(.didBuild(next), in: universe)
  }

  var isAppend: Bool {
    switch operation {
    case .append, .commitStaged, .commitAllStaged: true
    default: false
    }
  }

  var takesStagedPieces: Bool {
    switch operation {
    case .commitStaged, .commitAllStaged: true
    default: false
    }
  }

  func build(on base: UInt32, isRebase: Bool, in universe: Universe) -> Build {
    var build = Build()
    let epoch = universe.snapshot(base).epoch
    switch operation {
    case .append(let rows) where universe.scenario.tailCountMax > 0:
      append(rows, to: base, &build, universe)
    case .replace(let rows) where universe.scenario.tailCountMax > 0:
      build.content = universe.makeContent(nil, tail: universe.makeTail([rows]))
    case .append:
      build.content = append([segment(under: epoch, &build, universe)], to: base, &build, universe)
    case .replace:
      let root = node([segment(under: epoch, &build, universe)], epoch, &build, universe)
      build.content = universe.makeContent(root)
    case .rewrite:
      let shared = sharedSegments(on: base, &build, universe)
      let root = node(shared + [segment(under: epoch, &build, universe)], epoch, &build, universe)
      build.content = universe.makeContent(root)
    case .restore(let version): build.content = restore(version, on: base, isRebase, universe)
    case .restoreSnapshot: build.content = restoreSnapshot(on: base, &build, universe)
    case .commitStaged:
      let pieces = extras.map { universe.document($0).staged }
      build.content = appendStaged(pieces, to: base, &build, universe)
    case .commitAllStaged:
      build.content = appendStaged(waitingPieces(universe), to: base, &build, universe)
    }
    guard let content = build.content else { return build }
    let state = universe.ref(base) ?? RefState(symbol: "S\(symbol)", writeID: commitID)
    let entry = VersionEntry(
      number: state.nextVersion, commitID: commitID, time: state.nextTime(now: 0),
      operation: isAppend ? .append : .write, content: content, tokens: build.tokens)
    var next = state.appending(entry, continuing: build.continued, writeID: state.writeID)
    if let continued = build.continued, !universe.holds(.longerUsesKeepTheirTail) {
      next.replaceTail(continued.ofWholeTail, by: content.tail?.tail ?? continued.tail)
    }
    flush(&next, &build, universe)
    spill(&next, &build, universe)
    build.next = next
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

  func node(
    _ children: [UInt32], _ epoch: UInt64, _ build: inout Build, _ universe: Universe
  ) -> UInt32 {
    put(.node(children), epoch, &build, universe)
  }

  func put(
    _ content: BlockContent, _ epoch: UInt64, _ build: inout Build, _ universe: Universe
  ) -> UInt32 {
    let block = universe.block(symbol, epoch: epoch, content)
    build.requests.append(.putBlock(block))
    return block
  }

  private func append(
    _ segments: [UInt32], to base: UInt32, _ build: inout Build, _ universe: Universe
  ) -> VersionContent {
    let snapshot = universe.snapshot(base)
    var children: [UInt32] = []
    if let latest = snapshot.state?.latest?.content {
      if let root = universe.block(of: latest.root, symbol: symbol) {
        build.requests.append(.getBlock(root))
        children = universe.segments(of: latest, symbol: symbol)
      }
      if let tail = latest.tail {
        let rows = tailRows(of: tail, &build, universe)
        children.append(put(.merged(rows), snapshot.epoch, &build, universe))
      }
    }
    return universe.makeContent(node(children + segments, snapshot.epoch, &build, universe))
  }

  private func restore(
    _ version: UInt64, on base: UInt32, _ isRebase: Bool, _ universe: Universe
  ) -> VersionContent? {
    if isRebase, let firstContent, !universe.holds(.rebaseDerivesPointers) { return firstContent }
    guard let state = universe.ref(base) else { return nil }
    return universe.entry(version, of: state, symbol: symbol)?.content
  }

  private func restoreSnapshot(
    on base: UInt32, _ build: inout Build, _ universe: Universe
  ) -> VersionContent? {
    guard let document = extras.first, let snapshot = universe.document(document).snapshot,
      snapshot.phase == .live, let member = snapshot.members.first(where: { $0.cell == symbol })
    else { return nil }
    let reached = Set(universe.roots(of: base, cell: symbol))
    let epoch = universe.snapshot(base).epoch
    var content = member.content
    guard universe.holds(.restoreCopies) else { return content }
    if let tail = content.tail?.tail, let block = universe.block(of: tail, symbol: symbol),
      !reached.contains(block)
    {
      let moved = copy(block, to: epoch, &build, universe)
      content.tail?.tail.segment = .block(universe.pointer(to: moved))
    }
    guard let root = universe.block(of: content.root, symbol: symbol), !reached.contains(root),
      case .node(let children) = universe.content(of: root)
    else { return content }
    build.requests.append(.getBlock(root))
    let copies = children.map {
      reached.contains($0) ? $0 : copy($0, to: epoch, &build, universe)
    }
    content.root = .block(universe.pointer(to: node(copies, epoch, &build, universe)))
    return content
  }

  private func knownTokens(in base: UInt32, _ universe: Universe) -> Set<UniqueID> {
    let state = universe.snapshot(base).state
    return Set(state.map { universe.entries(of: $0, symbol: symbol).flatMap(\.tokens) } ?? [])
  }

  /// The pieces that no version had when the operation began, of one id the last attempt.
  private func waitingPieces(_ universe: Universe) -> [StagedDocument] {
    let known = firstBase.map { knownTokens(in: $0, universe) } ?? []
    let described = extras.compactMap { universe.document($0).staged }
    let last = Dictionary(grouping: described, by: \.token).values.compactMap {
      $0.max { $0.epoch < $1.epoch }
    }
    return last.filter { !known.contains($0.token) }.sorted { $0.cell < $1.cell }
  }

  /// - Parameter pieces: nil for one that is not there any more.
  private func appendStaged(
    _ pieces: [StagedDocument?], to base: UInt32, _ build: inout Build, _ universe: Universe
  ) -> VersionContent? {
    let snapshot = universe.snapshot(base)
    let known = knownTokens(in: base, universe)
    var segments: [UInt32] = []
    guard !pieces.isEmpty else { return nil }
    for piece in pieces {
      guard let staged = piece else { return nil }
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
  private func spill(_ state: inout RefState, _ build: inout Build, _ universe: Universe) {
    guard state.recent.count > universe.scenario.recentCountMax else { return }
    var leaving = Array(state.recent.prefix(state.recent.count / 2))
    state.recent.removeFirst(leaving.count)
    flushLeaving(&leaving, epoch: state.epoch, &build, universe)
    var old: [VersionEntry] = []
    if let block = universe.block(of: state.history, symbol: symbol) {
      build.requests.append(.getBlock(block))
      if case .history(let entries) = universe.content(of: block) { old = entries }
    }
    let history = put(.history(old + leaving), state.epoch, &build, universe)
    state.history = .block(universe.pointer(to: history))
  }
}
