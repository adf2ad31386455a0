import SternaBase

/// What happens to tails when a version is added: pure decisions; `TailFlush` uploads what they ask for.
extension RefState {
  /// Gives versions the tail that grew out of theirs.
  /// - Parameters:
  ///   - old: an inline tail, and how many of its rows the new one begins with. Versions that use more of
  ///     them keep the old one.
  package mutating func replaceTail(_ old: TailUse, by new: Tail) {
    guard old.tail.inlineBytes != nil else { return }
    for position in recent.indices {
      guard let use = recent[position].content?.tail, use.rowCount <= old.rowCount, use.tail == old.tail
      else { continue }
      recent[position].content?.tail?.tail = new
    }
  }

  /// The inline tails that are to become blocks: those that the newest version does not use, once they are
  /// many bytes, for every commit and every reader carries them along.
  package func idleTails(_ limits: TailLimits) -> [Tail] {
    let newest = recent.last { $0.isLive }?.content?.tail?.tail
    var idle = ValueTable<Tail>()
    for case let use? in recent.map({ $0.content?.tail })
    where limits.mustBecomeBlock(use.tail) && use.tail != newest {
      _ = idle.position(of: use.tail)
    }
    return idle.values.reduce(0) { $0 + $1.byteCount } > limits.idleByteCountMax ? idle.values : []
  }
}

extension [VersionEntry] {
  /// Gives every entry that uses a tail the block that it became.
  package mutating func replaceTail(_ tail: Tail, byBlock pointer: BlockPointer) {
    for position in indices where self[position].content?.tail?.tail == tail {
      self[position].content?.tail?.tail.segment = .block(pointer)
    }
  }
}
