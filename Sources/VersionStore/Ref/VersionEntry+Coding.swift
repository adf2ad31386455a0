import SternaBase

/// Writes and reads runs of version entries.
///
///     schema count   schemas   entry count   entries
///     entry:  number   commit id   time   operation   tokens   live flag
///             [root   summary   schema index   columns per group   metadata flag [metadata]   tail rows]
///
/// Consecutive versions nearly always have the same schema, so each distinct one is written once.
enum VersionEntryCoding {
  static let entryCountMax = 1 << 20
  static let tokenCountMax = 1 << 20

  static func write(_ entries: [VersionEntry], to writer: inout ByteWriter) {
    var positions: [StoredValue: Int] = [:]
    var schemas: [StoredValue] = []
    for case let content? in entries.map(\.content) where positions[content.schema] == nil {
      positions[content.schema] = schemas.count
      schemas.append(content.schema)
    }
    writer.writeCount(schemas.count)
    for schema in schemas { schema.write(to: &writer) }
    writer.writeCount(entries.count)
    for entry in entries {
      writer.writeVarint(entry.number)
      entry.commitID.write(to: &writer)
      writer.write(entry.time)
      writer.write(entry.operation.rawValue)
      writer.writeCount(entry.tokens.count)
      for token in entry.tokens { token.write(to: &writer) }
      writer.writeBool(entry.isLive)
      if let content = entry.content {
        write(content, schemaPosition: positions[content.schema] ?? 0, to: &writer)
      }
    }
  }

  private static func write(
    _ content: VersionContent, schemaPosition: Int, to writer: inout ByteWriter
  ) {
    content.root.write(to: &writer)
    IndexContent.write(content.summary, to: &writer)
    writer.writeCount(schemaPosition)
    writer.writeCount(content.columnsPerGroup)
    writer.writeBool(content.metadata != nil)
    content.metadata?.write(to: &writer)
    writer.writeCount(content.tailRowCount)
  }

  /// Reads a run whose numbers rise one by one, each entry later than the one before.
  static func read(from reader: inout ByteReader) throws(SternaError) -> [VersionEntry] {
    var schemas: [StoredValue] = []
    for _ in 0..<(try reader.readCount(atMost: entryCountMax)) {
      schemas.append(try StoredValue(reading: &reader))
    }
    var entries: [VersionEntry] = []
    for _ in 0..<(try reader.readCount(atMost: entryCountMax)) {
      let entry = try readEntry(from: &reader, schemas: schemas)
      if let last = entries.last {
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
    from reader: inout ByteReader, schemas: [StoredValue]
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
    let content = try reader.readBool() ? try readContent(from: &reader, schemas: schemas) : nil
    return VersionEntry(
      number: number, commitID: commitID, time: time, operation: operation, content: content, tokens: tokens
    )
  }

  private static func readContent(
    from reader: inout ByteReader, schemas: [StoredValue]
  ) throws(SternaError) -> VersionContent {
    let root = try TreeRoot(reading: &reader)
    let summary = try IndexContent.readSummary(from: &reader)
    let position = try reader.readCount(atMost: entryCountMax)
    guard schemas.indices.contains(position) else { throw reader.malformed("schema \(position)") }
    let columnsPerGroup = try reader.readCount(atMost: IndexContent.groupCountMax)
    guard columnsPerGroup > 0 else { throw reader.malformed("column groups of no columns") }
    let metadata = try reader.readBool() ? try StoredValue(reading: &reader) : nil
    let tailRowCount = try reader.readCount(atMost: IndexContent.rowCountMax)
    guard tailRowCount == 0 else { throw reader.malformed("tail rows in a ref without a tail") }
    return VersionContent(
      root: root, summary: summary, schema: schemas[position], columnsPerGroup: columnsPerGroup,
      metadata: metadata, tailRowCount: tailRowCount)
  }
}
