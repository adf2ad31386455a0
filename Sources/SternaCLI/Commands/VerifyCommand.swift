import ArgumentParser
import Sterna

struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check that everything in a library is what it should be.",
    usage: "sterna verify [STORE] LIBRARY [--symbol NAME] [--shallow | --deep] [options]",
    discussion: """
      Examples:
        sterna verify ./store market                  every reference and every hash
        sterna verify ./store market --deep           and every value against its statistics
        sterna verify ./store market --symbol SPY --format json

      Writers may go on meanwhile. The exit code is 1 when there are problems.
      """)

  @OptionGroup var place: LibraryArguments
  @Option(help: "Only this symbol.") var symbol: String?
  @Flag(help: "Only references and sizes; no data is read.") var shallow = false
  @Flag(help: "Also decode all data and compare it with its statistics.") var deep = false
  @OptionGroup var output: FormatArguments

  func validate() throws {
    _ = try place.requiredLibrary()
    guard !(shallow && deep) else { throw ValidationError("--shallow and --deep exclude each other") }
  }

  func run() async throws {
    let library = try await place.open().library(place.requiredLibrary())
    let thoroughness: Thoroughness = shallow ? .references : deep ? .data : .hashes
    let result: VerificationResult =
      if let symbol {
        try await library.verify(symbol, thoroughness)
      } else {
        try await library.verify(thoroughness)
      }
    try await print(result)
    if !result.isClean { throw ExitStatus.problemsFound }
  }

  private func print(_ result: VerificationResult) async throws {
    switch output.format {
    case .json, .jsonl: try await StandardOutput.write(try result.json.serialized() + "\n")
    case .table, .csv:
      let problems = result.problems
      if !problems.isEmpty {
        try await FrameOutput(format: output.format).print(
          try DataFrame([
            ("kind", .strings(problems.map(\.kind))), ("what", .strings(problems.map(\.what))),
            ("where", .strings(problems.map(\.location))), ("key", .strings(problems.map(\.key))),
          ]), hasNames: true)
      }
      let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
      Messages.write(
        "\(count) in \(Quantity.bytes(result.byteCount)) of \(result.symbolCount) symbols, "
          + "\(result.versionCount) versions, \(result.snapshotCount) snapshots; "
          + "\(Quantity.bytes(result.unreferencedByteCount)) are garbage")
    }
  }
}

extension LibraryArguments {
  /// The library, where a command has to have one.
  func requiredLibrary() throws -> String {
    guard let library = try place().library else { throw ValidationError("missing argument LIBRARY") }
    return library
  }
}
