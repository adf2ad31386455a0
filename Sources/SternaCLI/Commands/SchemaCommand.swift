import ArgumentParser
import Sterna

struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Show the columns of a symbol and their types.",
    usage: "sterna schema [STORE] LIBRARY SYMBOL [--as-of VERSION|TIME] [options]",
    discussion: """
      Examples:
        sterna schema ./store market SPY
        sterna schema ./store market SPY --as-of 0 --format json
      """, aliases: ["describe"])

  @OptionGroup var place: SymbolArguments
  @OptionGroup var version: VersionArguments
  @OptionGroup var output: FormatArguments

  func run() async throws {
    let (library, symbol) = try await place.open()
    let schema = try await library.description(of: symbol, asOf: version.asOf).schema
    let fields = schema.fields
    try await FrameOutput(format: output.format).print(
      try DataFrame([
        ("column", .strings(fields.map(\.name))), ("type", .strings(fields.map(\.type.description))),
        ("nullable", .bools(fields.map(\.isNullable))),
        ("index", .bools(fields.indices.map { $0 == schema.indexColumn })),
      ]))
  }
}
