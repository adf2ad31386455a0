import SternaBase

/// Texts of one shape as the numbers in them: an id of 12 bytes is a number of 24 bits, and a counter with
/// letters before it is a ramp.
///
///     parameter   number of fields
///     bytes       the pattern: see `TextPattern.write`
///     children    the numbers of each field
enum PatternEncoding {
  /// Fewer texts are not worth a pattern's bytes.
  static let minimumCount = 64
  private static let sampleCount = 1_024

  /// The numbers of a column's texts, with their pattern.
  struct Parts {
    let pattern: TextPattern
    /// One field behind the other.
    let numbers: [Int64]
  }

  /// The parts of a utf8 or binary column, or nil when its texts have no common shape.
  static func parts(of column: Column) -> Parts? {
    guard column.count >= minimumCount else { return nil }
    let validity = column.validity
    return column.withTexts { texts in
      guard let pattern = pattern(of: texts, isPresent: { validity?[$0] ?? true }),
        column.count * pattern.fieldCount <= SegmentLimits.rowCount
      else { return nil }
      return PatternReader(pattern).numbers(in: texts) { validity?[$0] ?? true }
        .map { Parts(pattern: pattern, numbers: $0) }
    }
  }

  private static func pattern(of texts: TextSlots, isPresent: (Int) -> Bool) -> TextPattern? {
    guard let first = (0..<texts.count).first(where: isPresent) else { return nil }
    let step = max(1, texts.count / sampleCount)
    let sample = Swift.stride(from: first, to: texts.count, by: step).filter(isPresent)
    let byteCount = texts[first].count
    if sample.allSatisfy({ texts[$0].count == byteCount }) {
      // Whether all have this length shows when the numbers are read.
      guard (0..<texts.count).allSatisfy({ !isPresent($0) || texts[$0].count == byteCount }) else {
        return nil
      }
      return TextPattern.ofEqualLengths(texts, byteCount: byteCount)
    }
    return TextPattern.ofNumbers(in: texts[first])
  }

  static func encode(_ parts: Parts, _ options: EncodingOptions, into target: inout GrowableBytes)
    -> EncodedNode
  {
    var writer = ByteWriter()
    parts.pattern.write(to: &writer)
    target.append(contentsOf: writer.finish())
    let encoder = NumberEncoder(options: options)
    let rowCount = parts.numbers.count / parts.pattern.fieldCount
    let children = parts.numbers.withUnsafeBufferPointer { numbers in
      (0..<parts.pattern.fieldCount).map { field in
        let rows = UnsafeBufferPointer(rebasing: numbers[(field * rowCount)..<((field + 1) * rowCount)])
        return encoder.encode(rows, slotWidth: 8, into: &target)
      }
    }
    return EncodedNode(
      .pattern, byteCount: writer.count, parameters: [UInt64(children.count)], children: children)
  }

  /// The texts of a column; `isText` asks for valid UTF-8.
  static func decode(
    _ node: EncodedNode, _ payload: inout ByteReader, count: Int, isText: Bool
  ) throws(SternaError) -> PatternTexts {
    var own = ByteReader(try payload.readRaw(node.byteCount), subject: "pattern")
    let pattern = try TextPattern(reading: &own)
    try own.expectEnd()
    guard pattern.fieldCount > 0, pattern.fieldCount == node.children.count,
      count * pattern.fieldCount <= SegmentLimits.rowCount
    else { throw .malformedChunk("\(pattern.fieldCount) fields of \(count) texts") }
    var fields: [PatternField] = []
    for child in node.children { fields.append(try PatternField(child, &payload, count: count)) }
    let texts = PatternTexts(pattern: pattern, fields: fields, isText: isText, count: count)
    guard texts.byteCount <= SegmentLimits.textByteCount else {
      throw .malformedChunk("texts of \(texts.byteCount) bytes")
    }
    return texts
  }
}

/// The numbers of texts of one pattern.
struct PatternTexts: TextSource {
  let pattern: TextPattern
  /// A number a text.
  let fields: [PatternField]
  let count: Int
  let byteCount: Int
  private let writer: PatternWriter
  private let mustValidate: Bool

  init(pattern: TextPattern, fields: [PatternField], isText: Bool, count: Int) {
    self.pattern = pattern
    self.fields = fields
    self.count = count
    writer = PatternWriter(pattern)
    byteCount = writer.byteCount(of: fields, count: count)
    mustValidate = isText && !pattern.isASCII
  }

  func write(to target: TextTarget) throws(SternaError) {
    writer.write(fields, to: target)
    guard !mustValidate || target.isUTF8 else { throw .malformedChunk("text is not UTF-8") }
  }
}
