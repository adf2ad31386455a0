import ArgumentParser
import Sterna

struct InspectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show how a symbol is stored: ref, index, segments, encodings, sizes.",
    usage: "sterna inspect [STORE] LIBRARY SYMBOL [--tree] [--segments] [--as-of VERSION|TIME] [options]",
    discussion: """
      Examples:
        sterna inspect ./store market SPY
        sterna inspect ./store market SPY --tree --as-of 0
        sterna inspect ./store market SPY --segments --format json

      Reads the ref, the index and its column details, but no data.
      """)

  @OptionGroup var place: SymbolArguments
  @Flag(help: "Every node of the index, and every slice below its leaf.") var tree = false
  @Flag(help: "Every column of every segment.") var segments = false
  @OptionGroup var version: VersionArguments
  @OptionGroup var output: FormatArguments

  func run() async throws {
    let (library, symbol) = try await place.open()
    let inspection = try await Inspection.read(
      symbol, in: library, asOf: version.asOf, wantsChunks: segments || !tree)
    var report = Report()
    report.add("ref", inspection.refRecord)
    report.add("version", inspection.versionRecord)
    if tree { report.add("tree", try inspection.tree()) }
    if segments { report.add("segments", try inspection.segments()) }
    if !tree, !segments {
      report.add("index", try inspection.levels())
      report.add("columns", try inspection.columns())
    }
    try await StandardOutput.write(
      try report.text(output.format, width: Terminal.standardOutput.width))
  }
}
