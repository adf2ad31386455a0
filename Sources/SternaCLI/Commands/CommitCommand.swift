import ArgumentParser
import Sterna

struct CommitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "commit", abstract: "Make one version of staged rows.",
    usage: "sterna commit [STORE] LIBRARY SYMBOL [--token TOKEN]... [--append] [--merge] [options]",
    discussion: """
      Examples:
        sterna commit ./store market SPY                      all that is staged, in place of what was there
        sterna commit ./store market SPY --append --token "$one" --token "$two"
        sterna commit ./store market SPY --merge

      Pieces are put in the order of their index. Pieces that lie across one another are an error unless
      --merge puts their rows in order. A piece is taken in once; with tokens, a worker that ran twice is \
      no danger.
      """)

  @OptionGroup var place: SymbolArguments
  @Option(help: "Of a piece, as `import --stage` printed it; all that wait when none is given.")
  var token: [String] = []
  @Flag(help: "Add the rows behind those of the newest version.") var append = false
  @Flag(help: "Put rows of pieces that lie across one another in order.") var merge = false
  @Option(help: ArgumentHelp("A JSON document to keep with the version.", valueName: "json"))
  var metadata: String?

  func run() async throws {
    let (library, symbol) = try await place.open()
    let metadata = try metadata.map { try JSONValue(parsing: $0, subject: "--metadata") }
    let version = try await library.commitStaged(
      symbol, tokens: token.isEmpty ? nil : token, as: append ? .append : .replace, merging: merge,
      metadata: metadata)
    let size = "\(Quantity.rows(version.rowCount)), \(Quantity.bytes(version.byteCount))"
    Messages.write("committed \(library.name)/\(symbol) as version \(version.version): \(size)")
  }
}

struct AbandonCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "abandon", abstract: "Give staged rows up.",
    usage: "sterna abandon [STORE] LIBRARY SYMBOL [--token TOKEN]... [--yes] [options]",
    discussion: """
      Examples:
        sterna abandon ./store market SPY                     what would be given up
        sterna abandon ./store market SPY --token "$one" --yes

      The bytes go with the next garbage collection.
      """)

  @OptionGroup var place: SymbolArguments
  @Option(help: "Of a piece, as `import --stage` printed it; all that wait when none is given.")
  var token: [String] = []
  @OptionGroup var consent: ConsentArguments

  func run() async throws {
    let (library, symbol) = try await place.open()
    let waiting = try await library.stagedRows(of: symbol)
    let chosen = token.isEmpty ? waiting : waiting.filter { token.contains($0.token) }
    let rows = Quantity.rows(chosen.reduce(0) { $0 + $1.rowCount })
    let pieces = "\(chosen.count) staged \(chosen.count == 1 ? "piece" : "pieces")"
    let what = "\(rows) in \(pieces) of \(library.name)/\(symbol)"
    try await consent.perform("give up \(what)", done: "gave up \(what)") {
      try await library.abandonStaged(symbol, tokens: token.isEmpty ? nil : token)
    }
  }
}
