import Columnar
import SternaBase

/// Measures encodings column by column, in memory: bytes, and the speed of writing and reading against a
/// plain copy of the same bytes in the same run.
///
///     SternaBench [--rows N] [--prefer speed|balanced|size] [--explain] [SHAPE | FILE.csv.gz]...
///
/// Without names, all generated shapes. Without a preference the columns are encoded as by default, and a
/// second table has bytes and speed of the whole for each preference.
@main
struct SternaBench {
  static func main() throws {
    let arguments = try BenchArguments(CommandLine.arguments.dropFirst())
    for name in arguments.names {
      let frame = try BenchData.frame(named: name, rowCount: arguments.rowCount)
      let report = try FrameReport(measuring: frame, name: name, options: arguments.options)
      Output.write(report.table)
      if !arguments.hasPreference { Output.write(try GoalReport(measuring: frame).table) }
      if arguments.explains { Output.write(try FrameReport.explanations(of: frame, arguments.options)) }
    }
  }
}

/// What the command line asked for.
struct BenchArguments {
  var names: [String] = []
  var rowCount: Int?
  var options = EncodingOptions.standard
  var hasPreference = false
  var explains = false

  init(_ arguments: some Sequence<String>) throws(SternaError) {
    var rest = Array(arguments)[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--explain": explains = true
      case "--prefer":
        guard let preference = rest.popFirst().flatMap(EncodingOptions.Preference.init) else {
          throw Self.usage("--prefer needs speed, balanced or size")
        }
        options = EncodingOptions(preference: preference)
        hasPreference = true
      case "--rows":
        guard let count = rest.popFirst().flatMap({ Int($0) }), count > 0 else {
          throw Self.usage("--rows needs a number above 0")
        }
        rowCount = count
      default:
        guard !argument.hasPrefix("-") else { throw Self.usage("unknown option \(argument)") }
        names.append(argument)
      }
    }
    if names.isEmpty { names = BenchData.shapes.map(\.name) }
  }

  private static func usage(_ message: String) -> SternaError {
    SternaError(.invalidArgument, message, advice: "Give options as the head of SternaBench.swift shows.")
  }
}
