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

/// What a live version consists of: a tree of row slices, and the first rows of a tail.
package struct VersionContent: Hashable, Sendable {
  package var root: TreeRoot
  /// Of the whole version.
  package var summary: SliceSummary
  package var schema: StoredValue
  /// Columns per segment of a row slice; the last group may have fewer.
  package var columnsPerGroup: Int
  package var metadata: StoredValue?
  /// Rows of the symbol's inline tail that belong to the version. Reserved: always 0 in this format
  /// version.
  package var tailRowCount: Int

  package init(
    root: TreeRoot, summary: SliceSummary, schema: StoredValue, columnsPerGroup: Int,
    metadata: StoredValue? = nil, tailRowCount: Int = 0
  ) {
    self.root = root
    self.summary = summary
    self.schema = schema
    self.columnsPerGroup = columnsPerGroup
    self.metadata = metadata
    self.tailRowCount = tailRowCount
  }
}
