import ArgumentParser
import Sterna

struct PruneCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune", abstract: "Delete all but the newest versions of a symbol.",
    usage: "sterna prune [STORE] LIBRARY SYMBOL [--keep N] [--yes] [options]",
    discussion: """
      Examples:
        sterna prune ./store market SPY --keep 10             what would be deleted
        sterna prune ./store market SPY --keep 10 --yes
      """)

  @OptionGroup var place: SymbolArguments
  @Option(help: "How many of the newest versions stay.") var keep = 1
  @OptionGroup var consent: ConsentArguments

  func validate() throws {
    guard keep > 0 else { throw ValidationError("--keep takes a number of 1 or more") }
  }

  func run() async throws {
    let (library, symbol) = try await place.open()
    let name = "\(library.name)/\(symbol)"
    let live = try await library.versions(of: symbol).filter { !$0.isDeleted }
    let count = max(0, live.count - keep)
    guard count > 0 else {
      Messages.write("\(name) has no more than \(keep) versions: nothing to delete")
      return
    }
    let what = "\(count) \(count == 1 ? "version" : "versions") of \(name), older than version "
    let oldestKept = live[keep - 1].version
    try await consent.perform("delete \(what)\(oldestKept)", done: "deleted \(what)\(oldestKept)") {
      try await library.prune(symbol, keepingLatest: keep)
    }
  }
}
