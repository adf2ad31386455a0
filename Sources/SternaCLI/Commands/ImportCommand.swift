import ArgumentParser
import Columnar
import Sterna
import TextFormats

struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Write a CSV file as a new version of a symbol.",
    usage: "sterna import FILE [STORE] LIBRARY SYMBOL [--time COLUMN] [--append | --stage] [options]",
    discussion: """
      Examples:
        sterna import trades.csv.gz ./store market SPY --time time
        sterna import more.csv.gz ./store market SPY --time time --append
        sterna import events.csv ./store web clicks --time ts --unit ms --type user=utf8 --null NA
        sterna import part7.csv ./store market SPY --time time --stage    # prints a token for `commit`
        zcat *.csv.gz | sterna import - s3://bucket/prefix market SPY --time time

      FILE may be compressed with gzip; - is stdin. A library that does not exist is made. Types are \
      inferred from the first rows; an append takes index and types from the symbol, and so does \
      --stage --append. The file is read in bounded memory, and all of it becomes one version, or nothing \
      does.
      """)

  @Argument(help: "A CSV file, or - for stdin.", completion: .file(extensions: ["csv", "gz", "tsv"]))
  var file: String

  @OptionGroup var place: SymbolArguments

  @Flag(help: "Add the rows behind those of the newest version.") var append = false
  @Flag(help: "Make no version yet: upload the rows, and print the token that `commit` takes.")
  var stage = false

  @OptionGroup(title: "CSV options") var csv: CSVArguments

  @Option(help: ArgumentHelp("A JSON document to keep with the version.", valueName: "json"))
  var metadata: String?

  @Option(help: ArgumentHelp("Rows of a stored slice, about.", valueName: "rows"))
  var sliceRows = StoreOptions().rowsPerSlice

  @Option(
    help: ArgumentHelp(
      "What the rows are encoded for: reads from near, a bucket on a good network, or few bytes.",
      valueName: "speed|balanced|size"))
  var prefer = EncodingOptions.Preference.balanced

  @Flag(inversion: .prefixedNo, help: "Show a progress bar on stderr; by default on a terminal.")
  var progress: Bool?

  @Option(name: [.short, .long], help: "Print the new version to stdout in this format.")
  var format: OutputFormat?

  func validate() throws {
    guard sliceRows > 0 else { throw ValidationError("--slice-rows must be positive") }
    guard !stage || metadata == nil && format == nil else {
      throw ValidationError("--metadata and --format belong to the commit of what is staged")
    }
    _ = try metadataValue()
  }

  private func metadataValue() throws -> JSONValue? {
    guard let metadata else { return nil }
    do {
      return try JSONValue(parsing: metadata, subject: "--metadata")
    } catch {
      throw ValidationError("--metadata is not JSON: \(error.message)")
    }
  }

  func run() async throws {
    let place = try place.place()
    let (libraryName, symbol) = (place.library ?? "", place.symbol ?? "")
    var storeOptions = self.place.connection.options
    storeOptions.rowsPerSlice = sliceRows
    storeOptions.encodingPreference = prefer
    let store = try await Store.open(place.store, options: storeOptions)
    let base = append ? try await Self.latest(of: symbol, in: store, libraryName) : nil
    // The file first: one that cannot be read must not leave a new library behind.
    let counter = ImportProgress()
    let reader = try await FrameReadAhead.open(
      path: file == "-" ? "/dev/stdin" : file,
      options: base.map { csv.options.appending(to: $0.schema) } ?? csv.options, counter: counter)
    let library = try await store.library(libraryName, create: true)
    if stage { return try await stage(reader.frames, as: symbol, in: library, counter) }
    let version = try await showingProgress(symbol, counter) {
      append
        ? try await library.append(symbol, reader.frames, metadata: try metadataValue())
        : try await library.write(symbol, reader.frames, metadata: try metadataValue())
    }
    try await report(
      ImportSummary(
        version: version, library: libraryName, counts: counter.counts,
        byteCountBefore: Self.byteCount(before: version, appendedTo: base?.version)))
  }

  private func stage(
    _ frames: FrameStream, as symbol: String, in library: Library, _ counter: ImportProgress
  ) async throws {
    let staged = try await showingProgress(symbol, counter) { try await library.stage(symbol, frames) }
    let rows = Quantity.rows(staged.rowCount)
    Messages.write("staged \(rows) for \(library.name)/\(symbol); `sterna commit` makes them a version")
    try await StandardOutput.write(staged.token + "\n")
  }

  /// What an append adds to; nil for a new symbol.
  private static func latest(
    of symbol: String, in store: Store, _ library: String
  ) async throws -> SymbolDescription? {
    do throws(SternaError) {
      return try await store.library(library).description(of: symbol)
    } catch {
      guard [.libraryNotFound, .symbolNotFound, .versionNotFound].contains(error.code) else { throw error }
      return nil
    }
  }

  /// Bytes of the version that was appended to, as they were: by now it may share its newest rows with the
  /// one that continues it. Nil when another writer's version came between.
  private static func byteCount(before version: VersionInfo, appendedTo base: VersionInfo?) -> Int? {
    guard let base else { return 0 }
    return base.version + 1 == version.version ? base.byteCount : nil
  }

  private func showingProgress<Answer: Sendable>(
    _ symbol: String, _ counter: ImportProgress, _ work: () async throws -> Answer
  ) async throws -> Answer {
    guard progress ?? Terminal.standardError.isTerminal else { return try await work() }
    return try await ProgressBar(title: "importing \(symbol)", counter: counter, environment: .live)
      .during(work)
  }

  private func report(_ summary: ImportSummary) async throws {
    Messages.write(summary.line)
    if let format { try await StandardOutput.write(try summary.record.text(format)) }
  }
}

extension EncodingOptions.Preference: ExpressibleByArgument {}
