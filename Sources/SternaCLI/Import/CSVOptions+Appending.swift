import Columnar
import TextFormats

extension CSVOptions {
  /// The options with what an existing symbol says: its index, and the types of its columns. A second
  /// file may have only whole numbers where the first had fractions, and is no other data for that.
  ///
  /// What the user said himself goes first; columns that are not in the file are for the append to judge.
  func appending(to schema: Schema) -> CSVOptions {
    var options = self
    options.timeColumn = timeColumn ?? schema.indexField?.name
    for field in schema.fields where types[field.name] == nil {
      // Instants in the time column are told by their own form; a given type would fix what numbers count.
      let isPlainTime = field.name == options.timeColumn && field.type.isNanosecondTimestamp
      if !isPlainTime { options.expectedTypes[field.name] = field.type }
    }
    return options
  }
}

extension DataType {
  /// The type that the time column gets when nobody says anything else.
  fileprivate var isNanosecondTimestamp: Bool {
    if case .timestamp(.nanosecond, _) = self { true } else { false }
  }
}
