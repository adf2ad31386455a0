import SternaBase
import VersionStore

/// What `AppendBuilder`, `TreeExtension` and `TailFlush` do with tails, a piece being a byte.
extension Writer {
  private static let limits = TailLimits(smallByteCountMax: 0, idleByteCountMax: 0)

  /// Appends to the tail, or, once it is full, puts its rows and the new ones into the tree, with the last
  /// segment there if that is as short.
  func append(_ rows: Int, to base: UInt32, _ build: inout Build, _ universe: Universe) {
    let snapshot = universe.snapshot(base)
    let latest = snapshot.state?.latest?.content
    let pieces = (latest?.tail.map { tailRows(of: $0, &build, universe) } ?? []) + [rows]
    guard pieces.count > universe.scenario.tailCountMax else {
      build.content = universe.makeContent(
        latest.flatMap { universe.block(of: $0.root, symbol: symbol) }, tail: universe.makeTail(pieces))
      build.continued = latest?.tail
      return
    }
    var children: [UInt32] = []
    if let latest, let root = universe.block(of: latest.root, symbol: symbol) {
      build.requests.append(.getBlock(root))
      children = universe.segments(of: latest, symbol: symbol)
    }
    var merged = pieces
    if let last = children.last, universe.pieces(of: last).count < 2 * pieces.count {
      build.requests.append(.getBlock(last))
      merged = universe.pieces(of: last) + pieces
      children.removeLast()
    }
    children.append(put(.merged(merged), snapshot.epoch, &build, universe))
    build.content = universe.makeContent(node(children, snapshot.epoch, &build, universe))
  }

  /// The rows that a version has of its tail.
  func tailRows(of use: TailUse, _ build: inout Build, _ universe: Universe) -> [Int] {
    if let block = universe.block(of: use.tail, symbol: symbol) { build.requests.append(.getBlock(block)) }
    let all = universe.pieces(of: use.tail, symbol: symbol)
    return universe.holds(.tailGrowsBehindNewest) ? Array(all.prefix(use.rowCount)) : all
  }

  /// Makes blocks of the tails that the newest version does not use.
  func flush(_ state: inout RefState, _ build: inout Build, _ universe: Universe) {
    for tail in state.idleTails(Self.limits) {
      flush(tail, of: &state.recent, epoch: state.epoch, &build, universe)
    }
  }

  /// Makes blocks of the inline tails of versions that leave the ref.
  func flushLeaving(
    _ entries: inout [VersionEntry], epoch: UInt64, _ build: inout Build, _ universe: Universe
  ) {
    for case let tail? in entries.map({ $0.content?.tail?.tail }) where tail.inlineBytes != nil {
      if universe.holds(.tailMovesWithVersion) {
        flush(tail, of: &entries, epoch: epoch, &build, universe)
      } else {
        entries.drop(tail)
      }
    }
  }

  private func flush(
    _ tail: Tail, of entries: inout [VersionEntry], epoch: UInt64, _ build: inout Build,
    _ universe: Universe
  ) {
    // An upload from before the rebase, of which it is thought that it will do.
    let isCurrent = universe.holds(.flushUploadsUnderEpoch) || epoch == 0
    let pieces = universe.pieces(of: tail, symbol: symbol)
    let block = put(.merged(pieces), isCurrent ? epoch : epoch - 1, &build, universe)
    if universe.holds(.flushRewritesVersions) {
      entries.replaceTail(tail, byBlock: universe.pointer(to: block))
    } else {
      entries.drop(tail)
    }
  }
}

extension TailUse {
  var ofWholeTail: TailUse { TailUse(tail: tail, rowCount: tail.rowCount, lastKey: lastKey) }
}

extension [VersionEntry] {
  /// Takes a tail away from those who use it.
  fileprivate mutating func drop(_ tail: Tail) {
    for position in indices where self[position].content?.tail?.tail == tail {
      self[position].content?.tail = nil
    }
  }
}
