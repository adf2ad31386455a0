import ArgumentParser
import Sterna

struct CatCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cat", abstract: "Print rows of a symbol: all, or a range of time or of row numbers.",
    usage: """
      sterna cat [STORE] LIBRARY SYMBOL [--since TIME] [--until TIME] [--columns a,b] \
      [--as-of VERSION|TIME] [options]
      """,
    discussion: """
      Examples:
        sterna cat ./store market SPY --format csv > spy.csv
        sterna cat ./store market SPY --since 2013-10-07T09:30:00 --until 2013-10-07T09:31:00
        sterna cat ./store market SPY --rows 1000:1010 --columns price,size --as-of 0

      Times are ISO 8601; one without a zone means what is stored, and both ends are included. A day \
      as --until is that whole day. A table leaves out the middle of a long answer; csv, json and jsonl \
      never leave out anything.
      """)

  @OptionGroup var place: SymbolArguments

  @Option(help: ArgumentHelp("Only these columns, and the index.", valueName: "a,b"))
  var columns: ColumnList?
  @Option(help: ArgumentHelp("Rows at this time or later.", valueName: "time"))
  var since: TimeBound?
  @Option(help: ArgumentHelp("Rows at this time or earlier.", valueName: "time"))
  var until: TimeBound?
  @Option(help: ArgumentHelp("Rows by number from A up to, not including, B.", valueName: "a:b"))
  var rows: RowRange?
  @Flag(help: "In a table, leave out nothing.") var all = false
  @OptionGroup var version: VersionArguments
  @OptionGroup var output: FormatArguments

  func validate() throws {
    guard rows == nil || since == nil && until == nil else {
      throw ValidationError("choose rows either by time or by number")
    }
    guard since.map({ since in until.map { since.first <= $0.last } ?? true }) ?? true else {
      throw ValidationError("--since is behind --until")
    }
  }

  /// Nil without a bound.
  private var time: ClosedRange<Timestamp>? {
    guard since != nil || until != nil else { return nil }
    return (since?.first ?? .distantPast)...(until?.last ?? .distantFuture)
  }

  func run() async throws {
    let (library, symbol) = try await place.open()
    if output.format == .table, !all, time == nil, try await printEnds(of: symbol, in: library) { return }
    let scan = try await library.scan(
      symbol, time: time, rows: rows?.rows, columns: columns?.names, asOf: version.asOf)
    if let writer = output.format.makeWriter(scan.schema) {
      try await FrameOutput.stream(scan, by: writer)
    } else {
      var table = LongTable(schema: scan.schema, limit: all ? nil : LongTable.defaultLimit)
      for try await frame in scan { try table.add(frame) }
      try await table.print()
    }
  }

  /// Where the number of rows is known, the rows that a table leaves out need not be read.
  /// - Returns: false when there are so few that all are shown.
  private func printEnds(of symbol: String, in library: Library) async throws -> Bool {
    let info = try await library.description(of: symbol, asOf: version.asOf).version
    let chosen = (rows?.rows ?? 0..<info.rowCount).clamped(to: 0..<info.rowCount)
    guard chosen.count > LongTable.defaultLimit else { return false }
    let endCount = LongTable.defaultLimit / 2
    // By number: the two reads must not fall on either side of somebody's commit.
    let asOf = AsOf.version(info.version)
    async let head = library.read(
      symbol, rows: chosen.prefix(endCount), columns: columns?.names, asOf: asOf)
    async let tail = library.read(
      symbol, rows: chosen.suffix(endCount), columns: columns?.names, asOf: asOf)
    try await FrameOutput.printTable(
      head: try await head.frame, tail: try await tail.frame,
      omittedRowCount: chosen.count - 2 * endCount)
    return true
  }
}
