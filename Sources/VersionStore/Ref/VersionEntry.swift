import SternaBase

/// One version of a symbol: who committed it and what it consists of.
///
/// Number, commit id and tokens outlive the version's data: they are how a writer whose answer was lost
/// finds out that its commit took effect.
package struct VersionEntry: Hashable, Sendable {
  /// What made the version.
  package enum Operation: UInt8, Sendable {
    case write = 1
    case append = 2
    case update = 3
    case deleteRows = 4
    case writeMetadata = 5
    case restore = 6
  }

  /// Dense, from 0, never reused: not after deletion, not after the symbol was deleted and made again.
  package var number: UInt64
  /// Names the operation, and stays the same over its retries and rebases.
  package var commitID: UniqueID
  /// Nanoseconds since 1970 UTC; each version's is above its predecessor's, whatever the writers' clocks
  /// say.
  package var time: Int64
  package var operation: Operation
  /// Nil when the version was deleted.
  package var content: VersionContent?
  /// Ids of the staged pieces that the version consumed: none is ingested twice.
  package var tokens: [UniqueID]

  package init(
    number: UInt64, commitID: UniqueID, time: Int64, operation: Operation, content: VersionContent?,
    tokens: [UniqueID] = []
  ) {
    self.number = number
    self.commitID = commitID
    self.time = time
    self.operation = operation
    self.content = content
    self.tokens = tokens
  }

  package var isLive: Bool { content != nil }

  /// Versions of a symbol: far beyond what is ever reached, and far from every overflow.
  static let countMax = 1 << 50
}

/// What a live version consists of: a tree of row slices, and behind them the first rows of a tail.
package struct VersionContent: Hashable, Sendable {
  package var root: TreeRoot
  /// Of the rows in the tree.
  package var treeSummary: SliceSummary
  package var schema: StoredValue
  /// Columns per segment of a row slice; the last group may have fewer.
  package var columnsPerGroup: Int
  package var metadata: StoredValue?
  package var tail: TailUse?

  package init(
    root: TreeRoot, summary treeSummary: SliceSummary, schema: StoredValue, columnsPerGroup: Int,
    metadata: StoredValue? = nil, tail: TailUse? = nil
  ) {
    self.root = root
    self.treeSummary = treeSummary
    self.schema = schema
    self.columnsPerGroup = columnsPerGroup
    self.metadata = metadata
    self.tail = tail
  }

  /// Of the whole version; its tail counts as one slice.
  package var summary: SliceSummary {
    guard let tail else { return treeSummary }
    return treeSummary.sliceCount == 0
      ? tail.summary : IndexContent.summary(merging: [treeSummary, tail.summary])
  }

  /// The rows in the tree alone.
  var withoutTail: VersionContent {
    var tree = self
    tree.tail = nil
    return tree
  }

  /// Whether all blocks that a copy of the content rests on are among those of this content.
  ///
  /// The content of a version may change its form: a tail grows, or becomes a block. A copy that has the
  /// tail's bytes itself does not mind.
  package func protects(_ copy: VersionContent) -> Bool {
    guard withoutTail == copy.withoutTail, tail?.rowCount == copy.tail?.rowCount else { return false }
    guard let tail = copy.tail, tail.tail.inlineBytes == nil else { return true }
    return self.tail?.tail.segment == tail.tail.segment
  }
}
