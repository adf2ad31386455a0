import ArgumentParser
import Sterna

struct VersionsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "versions", abstract: "List all versions of a symbol, newest first.",
    usage: "sterna versions [STORE] LIBRARY SYMBOL [options]",
    discussion: """
      Examples:
        sterna versions ./store market SPY
        sterna versions s3://bucket/prefix market SPY --format json

      A deleted version keeps its number and its time; its rows and bytes are null.
      """)

  @OptionGroup var place: SymbolArguments
  @OptionGroup var output: FormatArguments

  func run() async throws {
    let (library, symbol) = try await place.open()
    let versions = try await library.versions(of: symbol)
    try await FrameOutput(format: output.format).print(try DataFrame(VersionTable.columns(of: versions)))
  }
}
