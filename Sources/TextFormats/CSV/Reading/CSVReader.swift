import Columnar
import SternaBase

/// Reads a CSV file as frames of a bounded number of rows, all of one schema.
///
///     source --chunks--> window --tokenizer--> rows of spans --a parser a column--> builders --> frame
///
/// Memory is bounded by one batch and one window (the sample's size at first, then a few megabytes),
/// whatever the size of the file. Every row of the file is in exactly one frame, in order; anything that
/// cannot be read as what it should be is an error that names its line.
///
/// Pulling blocks on the source and on parsing: call it from a thread of its own, not on the cooperative
/// pool.
package struct CSVReader {
  /// The schema of every frame.
  package let schema: Schema

  private let options: CSVOptions
  private let window: CSVWindow
  private var tokenizer: CSVTokenizer
  private let parsers: [CSVColumnParser]
  private var order: IndexOrder?
  /// Reused from block to block.
  private var rows = CSVRows(columnCount: 0)
  private var hasFailed = false

  /// Reads the header and the sample, and decides on the schema.
  package init(_ source: any ByteSource, options: CSVOptions = CSVOptions()) throws(SternaError) {
    self.options = options
    window = CSVWindow(source)
    tokenizer = CSVTokenizer(dialect: options.dialect)
    try window.fill(to: min(options.sampleByteLimit, options.rowByteLimit))
    try Self.skipByteOrderMark(window)

    let nulls = NullRule(tokens: options.nullTokens)
    let names = try Self.readNames(window, &tokenizer, options)
    rows.columnCount = names.count
    let inference = CSVSchemaInference(names: names, options: options, nulls: nulls)
    try inference.validateOptions()
    var sampler = tokenizer
    _ = try Self.scan(window, &sampler, rowLimit: options.sampleRowLimit, options, into: &rows)
    let plans = try inference.plans(from: CSVBlock(text: window.text, rows: rows))
    rows.removeAll()

    let indexColumn = options.timeColumn.flatMap { names.firstIndex(of: $0) }
    schema = Schema(
      zip(names, plans).enumerated().map { Field($1.0, $1.1.type, nullable: $0 != indexColumn) },
      indexColumn: indexColumn)
    parsers = plans.enumerated().map { position, plan in
      CSVColumnParser(
        name: names[position], type: plan.type, timeRule: plan.timeRule, position: position,
        isIndex: position == indexColumn, nulls: nulls)
    }
    order = indexColumn.map { IndexOrder(column: names[$0]) }
  }

  /// How much of the source has been pulled, for a progress bar.
  package var progress: ReadProgress { window.progress }

  /// The next rows, at least one, or nil when all have been read. After an error there are none.
  package mutating func next() throws(SternaError) -> DataFrame? {
    guard !hasFailed else { return nil }
    hasFailed = true
    let frame = try readBatch()
    hasFailed = false
    return frame
  }

  private mutating func readBatch() throws(SternaError) -> DataFrame? {
    var lines: [Int] = []
    var byteCount = 0
    while lines.count < options.batchRowLimit, byteCount < options.batchByteLimit {
      let consumed = try readBlock(rowLimit: min(options.batchRowLimit - lines.count, Self.blockRowLimit))
      if rows.count == 0 { break }
      let block = CSVBlock(text: window.text, rows: rows)
      for parser in parsers { try parser.append(block) }
      lines += rows.lines
      byteCount += consumed
      window.consume(consumed)
    }
    guard !lines.isEmpty else { return nil }
    let frame = DataFrame(schema: schema, columns: parsers.map { $0.finish() }, rowCount: lines.count)
    if let index = frame.index { try order?.check(index, lines: lines) }
    return frame
  }

  /// Few enough that the spans of a block stay in the cache while its columns are parsed.
  private static let blockRowLimit = 16_384
  /// Below this much text it is better to pull first than to look for rows.
  private static let windowByteCount = 1 << 20

  /// Finds the next rows, and how many bytes they take; no rows at the end.
  private mutating func readBlock(rowLimit: Int) throws(SternaError) -> Int {
    rows.removeAll()
    if window.text.count < Self.windowByteCount { try window.fill(to: Self.windowByteCount) }
    return try Self.scan(window, &tokenizer, rowLimit: rowLimit, options, into: &rows)
  }
}

extension CSVReader {
  /// Finds complete rows at the start of the window, pulling more until there is one or the source has
  /// ended.
  private static func scan(
    _ window: CSVWindow, _ tokenizer: inout CSVTokenizer, rowLimit: Int, _ options: CSVOptions,
    into rows: inout CSVRows
  ) throws(SternaError) -> Int {
    let start = tokenizer
    while true {
      let consumed = try tokenizer.scan(
        window.text, isFinal: window.isComplete, rowLimit: rowLimit, into: &rows)
      if rows.count > 0 || window.isComplete { return consumed }
      guard window.text.count < options.rowByteLimit else {
        throw SternaError(
          .resourceLimit, "the row on line \(start.line) is longer than \(options.rowByteLimit) bytes",
          advice: "Look for a quote that is never closed, or name another delimiter.")
      }
      tokenizer = start
      try window.fill(to: min(window.text.count * 2 + 1, options.rowByteLimit))
    }
  }

  private static func readNames(
    _ window: CSVWindow, _ tokenizer: inout CSVTokenizer, _ options: CSVOptions
  ) throws(SternaError) -> [String] {
    var first = CSVRows(columnCount: 0)
    var reader = tokenizer
    let consumed = try scan(window, &reader, rowLimit: 1, options, into: &first)
    guard first.count == 1 else {
      throw SternaError(
        .corrupt, "the file is empty", advice: "Give a file with at least a line of column names.")
    }
    guard options.hasHeader else {
      // The first row is data: it is read again, now with its number of fields known.
      tokenizer = CSVTokenizer(dialect: options.dialect, columnCount: first.columnCount)
      return CSVHeader.placeholders(count: first.columnCount)
    }
    let names = try CSVHeader.names(in: CSVBlock(text: window.text, rows: first))
    window.consume(consumed)
    tokenizer = reader
    return names
  }

  /// Takes off UTF-8's mark; UTF-16, which no byte of this reader would fit, is refused by name.
  private static func skipByteOrderMark(_ window: CSVWindow) throws(SternaError) {
    let start = window.text.prefix(3).map { $0 }
    if start == [0xEF, 0xBB, 0xBF] { window.consume(3) }
    if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
      throw SternaError(
        .unsupportedFormat, "the file is UTF-16",
        advice: "Convert the file to UTF-8 first, for example with iconv -f utf-16 -t utf-8.")
    }
  }
}
