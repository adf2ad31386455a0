import ArgumentParser
import Columnar
import Sterna

struct InfoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Show the shape, size, time range and metadata of a symbol.",
    usage: "sterna info [STORE] LIBRARY SYMBOL [--as-of VERSION|TIME] [options]",
    discussion: """
      Examples:
        sterna info ./store market SPY
        sterna info ./store market SPY --as-of 2013-10-08 --format json
      """)

  @OptionGroup var place: SymbolArguments
  @OptionGroup var version: VersionArguments
  @OptionGroup var output: FormatArguments

  func run() async throws {
    let (library, symbol) = try await place.open()
    let description = try await library.description(of: symbol, asOf: version.asOf)
    let record = Self.record(description, library: library.name)
    try await StandardOutput.write(try record.text(output.format))
  }

  static func record(_ description: SymbolDescription, library: String) -> Record {
    let version = description.version
    var record = Record()
    record.add("library", library)
    record.add("symbol", version.symbol)
    record.add("version", version.version)
    record.add("time", version.time.description)
    record.add("operation", version.operation)
    record.add("rows", version.rowCount)
    record.add("columns", description.schema.fields.count)
    if let index = description.schema.indexField {
      record.add("index", "\(index.name) (\(index.type))")
      let range = description.indexRange
      record.add("first", range.map { .string(index.type.indexText($0.lowerBound)) } ?? .null)
      record.add("last", range.map { .string(index.type.indexText($0.upperBound)) } ?? .null)
    } else {
      record.add("index", .null)
    }
    record.add("bytes", version.byteCount)
    record.add("bytesPerRow", bytesPerRow(version))
    record.add("slices", version.sliceCount)
    record.add("metadata", description.metadata ?? .null)
    return record
  }

  private static func bytesPerRow(_ version: VersionInfo) -> JSONValue {
    guard version.rowCount > 0 else { return .null }
    let exact = Double(version.byteCount) / Double(version.rowCount)
    return .double((exact * 100).rounded() / 100)
  }
}
