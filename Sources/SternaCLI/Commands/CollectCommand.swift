import ArgumentParser
import Sterna
import Synchronization

struct CollectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc", abstract: "Delete the data that no version and no snapshot leads to any more.",
    usage: "sterna gc [STORE] LIBRARY [--symbol NAME] [--after FOLDER] [--yes] [options]",
    discussion: """
      Examples:
        sterna gc ./store market                      what would be deleted
        sterna gc ./store market --yes
        sterna gc ./store market --symbol SPY --yes

      Writers may go on meanwhile. Whoever reads a version that was deleted may be told that it is gone. A \
      collection that was interrupted says how to go on: `--after` skips what it has done.
      """)

  @OptionGroup var place: LibraryArguments
  @Option(help: "Only this symbol.") var symbol: String?
  @Option(help: ArgumentHelp("Go on behind this folder of symbols.", valueName: "folder"))
  var after: String?
  @OptionGroup var consent: ConsentArguments

  func validate() throws { _ = try place.requiredLibrary() }

  func run() async throws {
    let library = try await place.open().library(place.requiredLibrary())
    let isDryRun = !consent.yes
    let result: CollectionResult =
      if let symbol {
        try await library.collect(symbol, isDryRun: isDryRun)
      } else {
        try await collectAll(library, isDryRun: isDryRun)
      }
    for failure in result.failures { Messages.write("\(failure.symbol): \(failure.error)") }
    let what =
      "\(result.deletedBlockCount) blocks, \(Quantity.bytes(result.deletedByteCount)), of "
      + "\(result.symbolCount) symbols"
    let kept = "\(Quantity.bytes(result.keptByteCount)) stay"
    Messages.write(isDryRun ? "would delete \(what); \(kept); --yes does it" : "deleted \(what); \(kept)")
    if !result.failures.isEmpty { throw ExitStatus.problemsFound }
  }

  /// Remembers how far it has come, for whoever has to begin again.
  private func collectAll(_ library: Library, isDryRun: Bool) async throws -> CollectionResult {
    let place = LastPlace()
    do {
      return try await library.collect(isDryRun: isDryRun, resumeAfter: after) {
        place.folder = $0.resumeAfter
      }
    } catch {
      if let folder = place.folder { Messages.write("interrupted; `--after \(folder)` goes on from here") }
      throw error
    }
  }
}

private final class LastPlace: Sendable {
  private let value = Mutex<String?>(nil)

  var folder: String? {
    get { value.withLock { $0 } }
    set { value.withLock { $0 = newValue } }
  }
}
