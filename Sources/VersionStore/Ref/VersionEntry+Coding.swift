import SternaBase

/// Writes and reads runs of version entries.
///
///     schema count   schemas   tree count   trees   tail count   tails   entry count   entries
///     tree:   root   summary   columns per group
///     tail:   stored value   rows   has key [first key]
///     entry:  number   commit id   time   operation   tokens   live flag
///             [tree position   schema position   metadata flag [metadata]
///              tail position + 1 or 0   [rows   [last key - first key]]]
///
/// Consecutive versions mostly have the same schema, and between two flushes the same tree and tail, so each
/// distinct one is written once. A tail that no live version uses is not written: it is gone.
enum VersionEntryCoding {
  static let entryCountMax = 1 << 20
  static let tokenCountMax = 1 << 20

  /// What entries share.
  private struct Shared {
    var schemas = ValueTable<StoredValue>()
    var trees = ValueTable<VersionTree>()
    var tails = ValueTable<Tail>()
  }

  private struct Positions {
    var tree: Int
    var schema: Int
    var tail: Int?
  }

  static func write(_ entries: [VersionEntry], to writer: inout ByteWriter) {
    var shared = Shared()
    let positions = entries.map { entry in
      entry.content.map { content in
        Positions(
          tree: shared.trees.position(of: VersionTree(content)),
          schema: shared.schemas.position(of: content.schema),
          tail: content.tail.map { shared.tails.position(of: $0.tail) })
      }
    }
    writer.writeCount(shared.schemas.values.count)
    for schema in shared.schemas.values { schema.write(to: &writer) }
    writer.writeCount(shared.trees.values.count)
    for tree in shared.trees.values { tree.write(to: &writer) }
    writer.writeCount(shared.tails.values.count)
    for tail in shared.tails.values { tail.write(to: &writer) }
    writer.writeCount(entries.count)
    for (entry, positions) in zip(entries, positions) {
      writer.writeVarint(entry.number)
      entry.commitID.write(to: &writer)
      writer.write(entry.time)
      writer.write(entry.operation.rawValue)
      writer.writeCount(entry.tokens.count)
      for token in entry.tokens { token.write(to: &writer) }
      writer.writeBool(entry.isLive)
      if let content = entry.content, let positions { write(content, positions, to: &writer) }
    }
  }

  private static func write(
    _ content: VersionContent, _ positions: Positions, to writer: inout ByteWriter
  ) {
    writer.writeCount(positions.tree)
    writer.writeCount(positions.schema)
    writer.writeBool(content.metadata != nil)
    content.metadata?.write(to: &writer)
    writer.writeCount(positions.tail.map { $0 + 1 } ?? 0)
    guard let use = content.tail else { return }
    writer.writeCount(use.rowCount)
    guard let first = use.tail.firstKey else { return }
    // A difference of two Int64 fits 64 bits without sign, as the last key is not below the first.
    writer.writeVarint(UInt64(bitPattern: (use.lastKey ?? first) &- first))
  }
}

// MARK: - Reading

extension VersionEntryCoding {
  private struct Tables {
    var schemas: [StoredValue] = []
    var trees: [VersionTree] = []
    var tails: [Tail] = []
  }

  /// Reads a run whose numbers rise one by one, each entry later than the one before; or, where `isRun` is
  /// false, entries of different symbols.
  static func read(
    from reader: inout ByteReader, isRun: Bool = true
  ) throws(SternaError) -> [VersionEntry] {
    var tables = Tables()
    for _ in 0..<(try reader.readCount(atMost: entryCountMax)) {
      tables.schemas.append(try StoredValue(reading: &reader))
    }
    for _ in 0..<(try reader.readCount(atMost: entryCountMax)) {
      tables.trees.append(try VersionTree(reading: &reader))
    }
    for _ in 0..<(try reader.readCount(atMost: entryCountMax)) {
      tables.tails.append(try Tail(reading: &reader))
    }
    var entries: [VersionEntry] = []
    for _ in 0..<(try reader.readCount(atMost: entryCountMax)) {
      let entry = try readEntry(from: &reader, tables)
      if isRun, let last = entries.last {
        guard entry.number == last.number + 1 else {
          throw reader.malformed("version \(entry.number) after \(last.number)")
        }
        guard entry.time > last.time else { throw reader.malformed("version time that does not rise") }
      }
      entries.append(entry)
    }
    return entries
  }

  private static func readEntry(
    from reader: inout ByteReader, _ tables: Tables
  ) throws(SternaError) -> VersionEntry {
    let number = UInt64(try reader.readCount(atMost: VersionEntry.countMax - 1))
    let commitID = try UniqueID(reading: &reader)
    let time = try reader.read(Int64.self)
    // A later version needs a later time.
    guard time < .max else { throw reader.malformed("version at the end of time") }
    let code = try reader.read(UInt8.self)
    guard let operation = VersionEntry.Operation(rawValue: code) else {
      throw reader.malformed("operation \(code)")
    }
    var tokens: [UniqueID] = []
    for _ in 0..<(try reader.readCount(atMost: tokenCountMax)) {
      tokens.append(try UniqueID(reading: &reader))
    }
    let content = try reader.readBool() ? try readContent(from: &reader, tables) : nil
    return VersionEntry(
      number: number, commitID: commitID, time: time, operation: operation, content: content, tokens: tokens
    )
  }

  private static func readContent(
    from reader: inout ByteReader, _ tables: Tables
  ) throws(SternaError) -> VersionContent {
    let treePosition = try reader.readCount(atMost: entryCountMax)
    guard tables.trees.indices.contains(treePosition) else {
      throw reader.malformed("tree \(treePosition)")
    }
    let tree = tables.trees[treePosition]
    let position = try reader.readCount(atMost: entryCountMax)
    guard tables.schemas.indices.contains(position) else { throw reader.malformed("schema \(position)") }
    let metadata = try reader.readBool() ? try StoredValue(reading: &reader) : nil
    let tail = try readTailUse(from: &reader, tables)
    let content = VersionContent(
      root: tree.root, summary: tree.summary, schema: tables.schemas[position],
      columnsPerGroup: tree.columnsPerGroup, metadata: metadata, tail: tail)
    guard tail.map({ IndexContent.canSum([tree.summary, $0.summary]) }) ?? true else {
      throw reader.malformed("rows over every limit")
    }
    return content
  }

  private static func readTailUse(
    from reader: inout ByteReader, _ tables: Tables
  ) throws(SternaError) -> TailUse? {
    let number = try reader.readCount(atMost: tables.tails.count)
    guard number > 0 else { return nil }
    let tail = tables.tails[number - 1]
    let rowCount = try reader.readCount(atMost: tail.rowCount)
    guard rowCount > 0 else { throw reader.malformed("no rows of a tail") }
    var lastKey: Int64?
    if let first = tail.firstKey {
      let last = first &+ Int64(bitPattern: try reader.readVarint())
      guard last >= first else { throw reader.malformed("a tail's index that ends before it starts") }
      lastKey = last
    }
    return TailUse(tail: tail, rowCount: rowCount, lastKey: lastKey)
  }
}

/// The tree of a version: what versions have in common between two flushes.
struct VersionTree: Hashable {
  let root: TreeRoot
  let summary: SliceSummary
  let columnsPerGroup: Int

  init(_ content: VersionContent) {
    root = content.root
    summary = content.treeSummary
    columnsPerGroup = content.columnsPerGroup
  }

  func write(to writer: inout ByteWriter) {
    root.write(to: &writer)
    IndexContent.write(summary, to: &writer)
    writer.writeCount(columnsPerGroup)
  }

  init(reading reader: inout ByteReader) throws(SternaError) {
    root = try TreeRoot(reading: &reader)
    summary = try IndexContent.readSummary(from: &reader)
    columnsPerGroup = try reader.readCount(atMost: IndexContent.groupCountMax)
    guard columnsPerGroup > 0 else { throw reader.malformed("column groups of no columns") }
  }
}

extension Tail {
  func write(to writer: inout ByteWriter) {
    segment.write(to: &writer)
    writer.writeCount(rowCount)
    writer.writeBool(firstKey != nil)
    if let firstKey { writer.writeSignedVarint(firstKey) }
  }

  init(reading reader: inout ByteReader) throws(SternaError) {
    segment = try StoredValue(reading: &reader)
    rowCount = try reader.readCount(atMost: IndexContent.rowCountMax)
    firstKey = try reader.readBool() ? try reader.readSignedVarint() : nil
  }
}
