import ArgumentParser
import Sterna

struct StagedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "staged", abstract: "List the rows that wait for a commit.",
    usage: "sterna staged [STORE] LIBRARY [--symbol NAME] [options]",
    discussion: """
      Examples:
        sterna import part1.csv ./store market SPY --time time --stage
        sterna staged ./store market
        sterna staged ./store market --symbol SPY --format csv
      """)

  @OptionGroup var place: LibraryArguments
  @Option(help: "Only this symbol's.") var symbol: String?
  @OptionGroup var output: FormatArguments

  func validate() throws { _ = try place.requiredLibrary() }

  func run() async throws {
    let library = try await place.open().library(place.requiredLibrary())
    let staged = try await library.stagedRows(of: symbol)
    try await FrameOutput(format: output.format).print(
      try DataFrame([
        ("symbol", .strings(staged.map(\.symbol))), ("token", .strings(staged.map(\.token))),
        ("time", .timestamps(staged.map(\.time.nanosecondsSinceEpoch), unit: .nanosecond, zone: "UTC")),
        ("rows", .int64s(staged.map { Int64($0.rowCount) })),
        ("bytes", .int64s(staged.map { Int64($0.byteCount) })),
      ]), hasNames: true)
  }
}
