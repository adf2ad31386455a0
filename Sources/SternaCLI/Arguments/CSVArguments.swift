import ArgumentParser
import Columnar
import Sterna
import TextFormats

/// How a CSV file is to be understood.
struct CSVArguments: ParsableArguments {
  @Option(
    name: .customLong("time"),
    help: ArgumentHelp(
      "The column to find rows by: ISO 8601 instants, or numbers since 1970; sorted. Default: no index.",
      valueName: "column"))
  var timeColumn: String?

  @Option(help: "What numbers in the time column count.") var unit = TimeColumnUnit.auto

  @Option(
    name: .customLong("type"),
    help: ArgumentHelp(
      "A column's type instead of the inferred one, e.g. price=float64; repeatable.",
      valueName: "column=type"), transform: ColumnType.init(parsing:))
  var types: [ColumnType] = []

  @Option(
    name: .customLong("null"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Text that means null next to the empty field, e.g. NA; repeatable.", valueName: "text"))
  var nullTokens: [String] = []

  @Option(help: ArgumentHelp("What separates fields: one ASCII character, or tab.", valueName: "character"))
  var delimiter = Delimiter.comma

  @Flag(
    name: .customLong("no-header"), help: "The first line is data; columns become column_1, column_2, ...")
  var hasNoHeader = false

  @Option(help: ArgumentHelp("Rows that are parsed at a time.", valueName: "rows"))
  var batchRows = CSVOptions().batchRowLimit

  func validate() throws {
    guard batchRows > 0 else { throw ValidationError("--batch-rows must be positive") }
  }

  var options: CSVOptions {
    var options = CSVOptions()
    options.dialect = CSVDialect(delimiter: delimiter.byte)
    options.hasHeader = !hasNoHeader
    options.nullTokens = Set(nullTokens)
    options.timeColumn = timeColumn
    options.timeUnit = unit.epochUnit
    // Of two types for one column the later one counts, as usual for options.
    options.types = Dictionary(types.map { ($0.column, $0.type) }) { $1 }
    options.batchRowLimit = batchRows
    return options
  }
}

enum TimeColumnUnit: String, ExpressibleByArgument, CaseIterable {
  /// Told by the size of the numbers.
  case auto
  // swift-format-ignore: the names that users type
  case s, ms, us, ns

  var epochUnit: EpochUnit {
    switch self {
    case .auto: .automatic
    case .s: .exactly(.second)
    case .ms: .exactly(.millisecond)
    case .us: .exactly(.microsecond)
    case .ns: .exactly(.nanosecond)
    }
  }
}

/// `COLUMN=TYPE`. No type has an equals sign in its name, but a column may.
struct ColumnType: Hashable {
  let column: String
  let type: DataType

  init(parsing text: String) throws {
    guard let split = text.lastIndex(of: "="), split > text.startIndex else {
      throw ValidationError("write a column's name, an equals sign and a type")
    }
    column = String(text[..<split])
    do {
      type = try DataType(parsing: String(text[text.index(after: split)...]))
    } catch {
      throw ValidationError([error.message, error.advice].compactMap { $0 }.joined(separator: ". "))
    }
  }
}

struct Delimiter: Hashable, ExpressibleByArgument {
  let byte: UInt8

  static let comma = Delimiter(byte: UInt8(ascii: ","))

  private init(byte: UInt8) { self.byte = byte }

  init?(argument: String) {
    if argument == "tab" || argument == "\\t" {
      byte = UInt8(ascii: "\t")
    } else if argument.utf8.count == 1, let first = argument.utf8.first,
      CSVDialect.isPossible(delimiter: first)
    {
      byte = first
    } else {
      return nil
    }
  }

  var defaultValueDescription: String { "," }
}
