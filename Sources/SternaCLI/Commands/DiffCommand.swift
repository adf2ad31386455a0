import ArgumentParser
import Columnar
import Sterna

struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show what changed between two versions of a symbol.",
    usage:
      "sterna diff [STORE] LIBRARY SYMBOL --from VERSION|TIME|SNAPSHOT [--to ...] [--symbol OTHER] [options]",
    discussion: """
      Examples:
        sterna diff ./store market SPY --from 3 --to 5
        sterna diff ./store market SPY --from -2                     what the newest version changed
        sterna diff ./store market SPY --from end-of-month --format json
        sterna diff ./store market SPY --from -1 --symbol SPY-fixed

      Rows are told apart by the index; without one, by number. What both versions share is not read. Exit \
      codes: 0 no difference, 1 differences.
      """)

  @OptionGroup var place: SymbolArguments
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The version to compare from.", valueName: "version|time|snapshot"))
  var from: AsOf
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The version to compare with.", valueName: "version|time|snapshot"))
  var to: AsOf = .latest
  @Option(name: .customLong("symbol"), help: "The symbol whose version --to is; the same unless given.")
  var otherSymbol: String?
  @OptionGroup var output: FormatArguments

  func run() async throws {
    let (library, symbol) = try await place.open()
    let difference = try await library.difference(of: symbol, from: from, to: to, in: otherSymbol)
    try await FrameOutput(format: output.format).print(try Self.table(difference))
    for column in difference.columns {
      let types = [column.oldType, column.newType].map { $0 ?? "none" }
      Messages.write("column '\(column.name)': \(types[0]) before, \(types[1]) after")
    }
    Messages.write(Self.summary(difference))
    if !difference.isEmpty { throw ExitStatus.problemsFound }
  }

  private static func table(_ difference: SymbolDifference) throws(SternaError) -> DataFrame {
    func text(_ key: Int64) -> String { difference.index?.type.indexText(key) ?? "\(key)" }
    return try DataFrame([
      ("change", .strings(difference.rows.map(\.kind.rawValue))),
      ("first", .strings(difference.rows.map { text($0.first) })),
      ("last", .strings(difference.rows.map { text($0.last) })),
      ("rowsBefore", .int64s(difference.rows.map { Int64($0.oldRowCount) })),
      ("rowsAfter", .int64s(difference.rows.map { Int64($0.newRowCount) })),
    ])
  }

  private static func summary(_ difference: SymbolDifference) -> String {
    func count(_ kind: SymbolDifference.RowChange.Kind) -> Int {
      difference.rows.filter { $0.kind == kind }.reduce(0) { $0 + max($1.oldRowCount, $1.newRowCount) }
    }
    let versions = "version \(difference.old.version) to \(difference.new.version)"
    guard !difference.rows.isEmpty else { return "\(versions): no row is different" }
    return
      "\(versions): \(Quantity.rows(count(.removed))) removed, \(Quantity.grouped(count(.added))) added, "
      + "\(Quantity.grouped(count(.changed))) changed; \(difference.readSliceCount) slices read"
  }
}
