import ArgumentParser
import Sterna

struct SnapshotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot", abstract: "Keep versions of symbols under a name.",
    usage: "sterna snapshot [STORE] LIBRARY [--name NAME] [--symbols A,B] [--delete] [--yes] [options]",
    discussion: """
      Examples:
        sterna snapshot ./store market                                  the snapshots that there are
        sterna snapshot ./store market --name end-of-month              all symbols as they are
        sterna snapshot ./store market --name tech --symbols AAPL,MSFT
        sterna cat ./store market SPY --as-of end-of-month
        sterna snapshot ./store market --name tech --delete --yes
      """)

  @OptionGroup var place: LibraryArguments
  @Option(help: "The snapshot to make or delete.") var name: String?
  @Option(help: "Only these symbols, with commas between them.") var symbols: String?
  @Flag(help: "Delete the snapshot instead of making it.") var delete = false
  @OptionGroup var consent: ConsentArguments
  @OptionGroup var output: FormatArguments

  func validate() throws {
    _ = try place.requiredLibrary()
    guard name != nil || !(delete || symbols != nil) else { throw ValidationError("--name is missing") }
  }

  func run() async throws {
    let library = try await place.open().library(place.requiredLibrary())
    guard let name else { return try await list(library) }
    if delete {
      let members = try await library.versions(inSnapshot: name)
      let what = "snapshot '\(name)' of \(members.count) \(members.count == 1 ? "symbol" : "symbols")"
      try await consent.perform("delete \(what)", done: "deleted \(what)") {
        try await library.deleteSnapshot(name)
      }
    } else {
      try await library.snapshot(name, symbols: symbols?.split(separator: ",").map(String.init))
      let count = try await library.versions(inSnapshot: name).count
      Messages.write("snapshot '\(name)' keeps \(count) \(count == 1 ? "symbol" : "symbols")")
    }
  }

  private func list(_ library: Library) async throws {
    let snapshots = try await library.listSnapshots()
    try await FrameOutput(format: output.format).print(
      try DataFrame([
        ("snapshot", .strings(snapshots.map(\.name))),
        (
          "time",
          .timestamps(snapshots.map(\.time.nanosecondsSinceEpoch), unit: .nanosecond, zone: "UTC")
        ), ("symbols", .int64s(snapshots.map { Int64($0.symbolCount) })),
      ]), hasNames: true)
  }
}
