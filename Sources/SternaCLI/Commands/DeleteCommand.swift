import ArgumentParser
import Sterna

struct DeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete a symbol, or some of its versions.",
    usage: "sterna delete [STORE] LIBRARY SYMBOL [--versions N,N...] [--yes] [options]",
    discussion: """
      Examples:
        sterna delete ./store market SPY                      what would be deleted
        sterna delete ./store market SPY --yes
        sterna delete ./store market SPY --versions 0,1 --yes

      Numbers of deleted versions are not given again. The bytes go with the next garbage collection.
      """)

  @OptionGroup var place: SymbolArguments
  @Option(help: "Only these versions, with commas between them.") var versions: VersionNumbers?
  @OptionGroup var consent: ConsentArguments

  func run() async throws {
    let (library, symbol) = try await place.open()
    let name = "\(library.name)/\(symbol)"
    let live = try await library.versions(of: symbol).filter { !$0.isDeleted }.map(\.version)
    guard let versions else {
      let count = live.count == 1 ? "its version" : "all \(live.count) versions"
      try await consent.perform("delete \(name) with \(count)", done: "deleted \(name)") {
        try await library.deleteSymbol(symbol)
      }
      return
    }
    if let missing = versions.numbers.first(where: { !live.contains($0) }) {
      throw SternaError(
        .versionNotFound, "\(name) has no version \(missing) that could be deleted",
        advice: "`sterna versions` lists them.")
    }
    let list = versions.numbers.map(String.init).joined(separator: ", ")
    let noun = versions.numbers.count == 1 ? "version" : "versions"
    try await consent.perform(
      "delete \(noun) \(list) of \(name)", done: "deleted \(noun) \(list) of \(name)"
    ) {
      try await library.deleteVersions(versions.numbers, of: symbol)
    }
  }
}

/// `3,5,8`
struct VersionNumbers: ExpressibleByArgument {
  let numbers: [Int]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    let numbers = parts.compactMap { $0 }.filter { $0 >= 0 }
    guard numbers.count == parts.count else { return nil }
    self.numbers = Set(numbers).sorted()
  }
}
