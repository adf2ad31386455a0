import ArgumentParser

struct FormatArguments: ParsableArguments {
  @Option(name: [.short, .long], help: "How to print.") var format = OutputFormat.table
}
