import Columnar
import SternaBase

/// Decides what the columns of a file are, from its names, its first rows and what the user says.
struct CSVSchemaInference {
  let names: [String]
  let options: CSVOptions
  let nulls: NullRule

  /// A column's type and, for instants, how they are written.
  struct ColumnPlan: Hashable {
    var type: DataType
    var timeRule: TimeRule
  }

  /// Throws when the options name columns that are not there.
  func validateOptions() throws(SternaError) {
    for name in options.types.keys.sorted() + [options.timeColumn].compactMap({ $0 })
    where !names.contains(name) {
      throw SternaError(
        .invalidArgument, "the file has no column '\(name)'",
        advice: "Choose among \(names.map { "'\($0)'" }.joined(separator: ", ")).")
    }
    if let name = options.timeColumn, let type = options.types[name], !type.canIndex {
      throw SternaError(
        .invalidArgument, "column '\(name)' of type \(type) cannot be the index",
        advice: "Use a timestamp, date or integer type for the time column.")
    }
  }

  /// One plan a column.
  func plans(from sample: CSVBlock) throws(SternaError) -> [ColumnPlan] {
    var plans: [ColumnPlan] = []
    for (position, name) in names.enumerated() {
      plans.append(try plan(of: name, at: position, in: sample))
    }
    return plans
  }

  private func plan(
    of name: String, at position: Int, in sample: CSVBlock
  ) throws(SternaError) -> ColumnPlan {
    let isTimeColumn = name == options.timeColumn
    if let type = options.types[name] ?? options.expectedTypes[name] {
      guard case .timestamp(let unit, let zone) = type else { return ColumnPlan(type: type) }
      var epochUnit: TimeUnit?
      if isTimeColumn, case .exactly(let unit) = options.timeUnit { epochUnit = unit }
      return ColumnPlan(type: type, timeRule: TimeRule(unit: unit, zone: zone, epochUnit: epochUnit))
    }
    if isTimeColumn {
      let rule = try timeRule(ofColumnAt: position, named: name, in: sample)
      return ColumnPlan(type: rule.inferredType, timeRule: rule)
    }
    var evidence = ColumnEvidence()
    forEachValue(ofColumnAt: position, in: sample) { evidence.add($1) }
    var plan = ColumnPlan(type: evidence.type)
    if case .timestamp(_, let zone) = plan.type {
      plan.timeRule.zone = zone == nil ? .forbidden : .required
    }
    return plan
  }

  /// The first value says how the instants are written; the parser holds the others to it, and names the
  /// line of one that differs.
  private func timeRule(
    ofColumnAt position: Int, named name: String, in sample: CSVBlock
  ) throws(SternaError) -> TimeRule {
    for row in 0..<sample.rowCount {
      let span = sample.span(row: row, column: position)
      if nulls.matches(span, in: sample.text, isText: false) { continue }
      let rule = span.value(in: sample.text).withUnsafeBytes {
        TimeRule(firstValue: $0, numbersCount: options.timeUnit)
      }
      if let rule { return rule }
      let value = sample.excerpt(row: row, column: position)
      throw SternaError(
        .schemaMismatch,
        "line \(sample.rows.lines[row]): '\(value)' in the time column '\(name)' is no instant",
        advice: "Name a column of ISO 8601 instants or of numbers since 1970 as the time column.")
    }
    return .iso
  }

  private func forEachValue(
    ofColumnAt position: Int, in sample: CSVBlock, _ body: (Int, UnsafeRawBufferPointer) -> Void
  ) {
    for row in 0..<sample.rowCount {
      let span = sample.span(row: row, column: position)
      if nulls.matches(span, in: sample.text, isText: false) { continue }
      if span.hasDoubledQuotes {
        span.value(in: sample.text).withUnsafeBytes { body(row, $0) }
      } else {
        body(row, span.raw(in: sample.text))
      }
    }
  }
}

extension TimeRule {
  /// Instants of a local clock in nanoseconds.
  static let iso = TimeRule(unit: .nanosecond, zone: .forbidden)
}

extension CSVSchemaInference.ColumnPlan {
  init(type: DataType) { self.init(type: type, timeRule: .iso) }
}
