import ArgumentParser
import Sterna

struct TailCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tail", abstract: "Print the last rows of a symbol.",
    usage: "sterna tail [STORE] LIBRARY SYMBOL [-n ROWS] [options]",
    discussion: """
      Examples:
        sterna tail ./store market SPY
        sterna tail ./store market SPY -n 3 --format jsonl
      """)

  @OptionGroup var place: SymbolArguments
  @OptionGroup var selection: EndArguments
  @OptionGroup var output: FormatArguments

  func run() async throws {
    let (library, symbol) = try await place.open()
    let result = try await library.tail(
      symbol, selection.rowCount, columns: selection.columns?.names, asOf: selection.version.asOf)
    try await FrameOutput(format: output.format).print(result.frame)
  }
}
