import ArgumentParser
import Sterna

struct CollectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc", abstract: "Delete the data that no version and no snapshot leads to any more.",
    usage: "sterna gc [STORE] LIBRARY [--symbol NAME] [--yes] [options]",
    discussion: """
      Examples:
        sterna gc ./store market                      what would be deleted
        sterna gc ./store market --yes
        sterna gc ./store market --symbol SPY --yes

      Writers may go on meanwhile. Whoever reads a version that was deleted may be told that it is gone.
      """)

  @OptionGroup var place: LibraryArguments
  @Option(help: "Only this symbol.") var symbol: String?
  @OptionGroup var consent: ConsentArguments

  func validate() throws { _ = try place.requiredLibrary() }

  func run() async throws {
    let library = try await place.open().library(place.requiredLibrary())
    let isDryRun = !consent.yes
    let result: CollectionResult =
      if let symbol {
        try await library.collect(symbol, isDryRun: isDryRun)
      } else {
        try await library.collect(isDryRun: isDryRun)
      }
    for failure in result.failures { Messages.write("\(failure.symbol): \(failure.error)") }
    let what =
      "\(result.deletedBlockCount) blocks, \(Quantity.bytes(result.deletedByteCount)), of "
      + "\(result.symbolCount) symbols"
    let kept = "\(Quantity.bytes(result.keptByteCount)) stay"
    Messages.write(isDryRun ? "would delete \(what); \(kept); --yes does it" : "deleted \(what); \(kept)")
    if !result.failures.isEmpty { throw ExitStatus.problemsFound }
  }
}
