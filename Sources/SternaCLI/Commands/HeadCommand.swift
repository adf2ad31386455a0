import ArgumentParser
import Sterna

struct HeadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "head", abstract: "Print the first rows of a symbol.",
    usage: "sterna head [STORE] LIBRARY SYMBOL [-n ROWS] [options]",
    discussion: """
      Examples:
        sterna head ./store market SPY
        sterna head ./store market SPY -n 3 --columns price,size --as-of 0
      """)

  @OptionGroup var place: SymbolArguments
  @OptionGroup var selection: EndArguments
  @OptionGroup var output: FormatArguments

  func run() async throws {
    let (library, symbol) = try await place.open()
    let result = try await library.head(
      symbol, selection.rowCount, columns: selection.columns?.names, asOf: selection.version.asOf)
    try await FrameOutput(format: output.format).print(result.frame)
  }
}

/// What `head` and `tail` have in common.
struct EndArguments: ParsableArguments {
  @Option(name: .customShort("n"), help: ArgumentHelp("How many rows.", valueName: "rows"))
  var rowCount = 10

  @Option(help: ArgumentHelp("Only these columns, and the index.", valueName: "a,b"))
  var columns: ColumnList?

  @OptionGroup var version: VersionArguments

  func validate() throws {
    guard rowCount >= 0 else { throw ValidationError("-n must not be negative") }
  }
}
