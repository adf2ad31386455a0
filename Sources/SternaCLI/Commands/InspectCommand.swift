import ArgumentParser
import Sterna

struct InspectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show how a symbol is stored, or what any object of a store says.",
    usage: """
      sterna inspect [STORE] LIBRARY SYMBOL [--tree] [--segments] [--codecs] [--as-of VERSION|TIME]
             sterna inspect [STORE] KEY [options]
      """,
    discussion: """
      Examples:
        sterna inspect ./store market SPY
        sterna inspect ./store market SPY --tree --as-of 0
        sterna inspect ./store market SPY --segments --format json
        sterna inspect ./store market SPY --codecs
        sterna inspect ./store market/refs/9e/SPY

      Of a symbol it reads the ref, the index and its column details, but no data; --codecs reads the \
      data, too. A KEY is one object: a ref, a node of an index or of a history, a segment, a snapshot, a \
      store marker. Its bytes are checked against its hash.
      """)

  @OptionGroup var place: InspectionArguments
  @Flag(help: "Every node of the index, and every slice below its leaf.") var tree = false
  @Flag(help: "Every column of every segment.") var segments = false
  @Flag(help: "How each column is encoded, how small it got, and what else was weighed.") var codecs = false
  @OptionGroup var version: VersionArguments
  @OptionGroup var output: FormatArguments

  func validate() throws {
    if try place.key() != nil, tree || segments || codecs {
      throw ValidationError("--tree, --segments and --codecs are for a SYMBOL, not for a KEY")
    }
  }

  func run() async throws {
    let report =
      if let key = try place.key() {
        try await ObjectReport.read(key, in: place.openStore()).report()
      } else {
        try await symbolReport()
      }
    try await StandardOutput.write(
      try report.text(output.format, width: Terminal.standardOutput.width))
  }

  private func symbolReport() async throws -> Report {
    let (library, symbol) = try await place.openSymbol()
    let isOverview = !tree && !segments && !codecs
    let inspection = try await Inspection.read(
      symbol, in: library, asOf: version.asOf, wantsChunks: segments || codecs || isOverview)
    var report = Report()
    report.add("ref", inspection.refRecord)
    report.add("version", inspection.versionRecord)
    if tree { report.add("tree", try inspection.tree()) }
    if segments { report.add("segments", try inspection.segments()) }
    if codecs {
      let codecs = try await CodecReport.read(inspection, in: library)
      report.add("codecs", try codecs.codecs())
      report.add("candidates", try codecs.candidates())
    }
    if isOverview {
      report.add("index", try inspection.levels())
      report.add("columns", try inspection.columns())
    }
    return report
  }
}
