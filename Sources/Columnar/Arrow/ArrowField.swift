import CArrow
import SternaBase

/// One field of an imported Arrow schema: a name, a layout, and for a dictionary the layout of its values.
struct ArrowField {
  let name: String
  /// The layout of the values, or of a dictionary's codes.
  let layout: ArrowLayout
  let isNullable: Bool
  let dictionaryLayout: ArrowLayout?
  /// Whether a dictionary is only how the producer has its texts: they are stored as plain ones.
  let isCodedText: Bool

  var type: DataType { dictionaryLayout == nil ? layout.type : isCodedText ? .utf8 : .dictionary }

  init(_ schema: ArrowSchema, at position: Int) throws(SternaError) {
    guard schema.release != nil else {
      throw ArrowArrayReader.malformed("\(position)", "has a schema that was released before")
    }
    guard let name = Self.text(schema.name) else {
      throw SternaError(
        .invalidArgument, "the name of the column at \(position) is not UTF-8",
        advice: "Give columns names that are texts.")
    }
    self.name = name
    layout = try Self.layout(schema, name)
    isNullable = schema.flags & Int64(ARROW_FLAG_NULLABLE) != 0
    isCodedText = ArrowMetadata.holds("sterna:type", "utf8", in: schema.metadata)
    guard let values = schema.dictionary else {
      dictionaryLayout = nil
      return
    }
    let valueLayout = try Self.layout(values.pointee, name)
    guard values.pointee.dictionary == nil, valueLayout.type == .utf8 else {
      throw SternaError(
        .unsupported, "column '\(name)' is a dictionary of \(valueLayout.type) values",
        advice: "Dictionaries hold texts: write the decoded values of this column instead.")
    }
    dictionaryLayout = valueLayout
  }

  /// Nil for what is not UTF-8; empty for NULL.
  private static func text(_ pointer: UnsafePointer<CChar>?) -> String? {
    guard let pointer else { return "" }
    return String(validatingCString: pointer)
  }

  private static func layout(_ schema: ArrowSchema, _ name: String) throws(SternaError) -> ArrowLayout {
    guard let format = text(schema.format), let layout = ArrowLayout(format: format) else {
      let format = schema.format.map { String(cString: $0) } ?? ""
      throw SternaError(
        .unsupported, "column '\(name)' has Arrow type '\(format)', which Sterna does not store",
        advice: "Convert it to numbers, texts, bytes, dates or timestamps before writing.")
    }
    return layout
  }
}
