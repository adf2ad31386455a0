import ArgumentParser
import Sterna

struct PruneCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune", abstract: "Delete old versions of a symbol, or of all symbols.",
    usage: """
      sterna prune [STORE] LIBRARY [SYMBOL] [--keep-last N] [--keep-days N] [--keep-daily N] [--yes]
      """,
    discussion: """
      Examples:
        sterna prune ./store market SPY --keep-last 10             what would be deleted
        sterna prune ./store market SPY --keep-last 10 --yes
        sterna prune ./store market --keep-days 30 --keep-daily 365 --yes

      A version stays when any rule keeps it; the newest stays always. Without a rule only the newest \
      does. Numbers of deleted versions are not given again. The bytes go with the next `gc`.
      """)

  @Argument(help: PlaceHelp.store) var store: String?
  @Argument(help: "A library of the store.") var library: String?
  @Argument(help: "A symbol of the library; all of them when it is left out.") var symbol: String?
  @OptionGroup(title: "Connection options") var connection: ConnectionArguments

  @Option(
    name: [.long, .customLong("keep")],
    help: ArgumentHelp("How many of the newest versions stay.", valueName: "n"))
  var keepLast: Int?
  @Option(
    help: ArgumentHelp("Versions that were the newest in the last so many days stay.", valueName: "n"))
  var keepDays: Int?
  @Option(help: ArgumentHelp("The last version of each of so many days stays.", valueName: "n"))
  var keepDaily: Int?
  @OptionGroup var consent: ConsentArguments

  func validate() throws {
    _ = try place()
    for (name, value) in [
      ("--keep-last", keepLast), ("--keep-days", keepDays), ("--keep-daily", keepDaily),
    ] {
      guard value ?? 1 > 0 else { throw ValidationError("\(name) takes a number of 1 or more") }
    }
  }

  private func place() throws -> Place {
    try Place(parsing: [store, library, symbol], shape: Place.Shape(required: 1, optional: 1))
  }

  private var retention: Retention {
    let hasRule = keepLast != nil || keepDays != nil || keepDaily != nil
    return Retention(lastCount: hasRule ? keepLast : 1, dayCount: keepDays, dailyCount: keepDaily)
  }

  func run() async throws {
    let place = try place()
    let library = try await Store.open(place.store, options: connection.options)
      .library(place.library ?? "")
    if let symbol = place.symbol {
      return try await prune(symbol, of: library)
    }
    for symbol in try await library.symbolNames() { try await prune(symbol, of: library) }
  }

  private func prune(_ symbol: String, of library: Library) async throws {
    let name = "\(library.name)/\(symbol)"
    let numbers = try await library.versionsToPrune(of: symbol, keeping: retention)
    guard !numbers.isEmpty else {
      Messages.write("\(name) has no version beyond those to keep: nothing to delete")
      return
    }
    let count = "\(numbers.count) \(numbers.count == 1 ? "version" : "versions") of \(name)"
    let which = ": " + Self.ranges(of: numbers)
    try await consent.perform("delete \(count)\(which)", done: "deleted \(count)\(which)") {
      try await library.prune(symbol, keeping: retention)
    }
  }

  /// `0-17, 19`; the middle of a long list is left out.
  static func ranges(of numbers: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = ranges.last, last.upperBound + 1 == number {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    let texts = ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
    return texts.count <= 12
      ? texts.joined(separator: ", ")
      : (texts.prefix(6) + ["..."] + texts.suffix(5)).joined(separator: ", ")
  }
}
