import SternaBase

/// Chooses an encoding for a column of texts or binaries and writes it: a dictionary when values
/// repeat, a pattern when they have one shape, else the bytes as they are, compressed where that pays.
struct TextEncoder {
  let options: EncodingOptions
  /// Nanoseconds to write a text by its pattern, and for each byte of compressed text.
  private static let patternNanoseconds = 8.0
  private static let compressedByteNanoseconds = 0.9
  private static let dictionaryNanoseconds = 3.0
  /// A pattern that is so many times smaller than the texts needs no rival: zstd does not see numbers.
  private static let clearRatio = 3

  /// A way to encode the column, done.
  struct Alternative {
    let node: EncodedNode
    let byteCount: Int
    /// About how long all rows take to decode.
    let nanoseconds: Double
  }

  func encode(_ column: Column, into target: inout GrowableBytes) -> EncodedNode {
    if let parts = dictionaryParts(of: column) {
      return DictionaryEncoding.encode(parts, options, into: &target)
    }
    let column = column.writtenOut
    guard let parts = PatternEncoding.parts(of: column) else {
      return VariableEncoding.encode(column, options, into: &target)
    }
    let start = target.count
    let pattern = PatternEncoding.encode(parts, options, into: &target)
    let byteCount = target.count - start
    if byteCount * Self.clearRatio < column.textByteCount { return pattern }
    var other = GrowableBytes()
    let variable = VariableEncoding.encode(column, options, into: &other)
    let costs = (
      pattern: cost(byteCount, patternNanoseconds(column)),
      variable: cost(other.count, variableNanoseconds(column))
    )
    guard costs.variable < costs.pattern else { return pattern }
    target.truncate(to: start)
    target.append(contentsOf: other.bytes)
    return variable
  }

  /// Every way that fits a column, for an explanation.
  func alternatives(for column: Column) -> [Alternative] {
    let column = column.writtenOut
    var target = GrowableBytes()
    var alternatives: [Alternative] = []
    func add(_ nanoseconds: Double, _ node: EncodedNode) {
      alternatives.append(Alternative(node: node, byteCount: target.count, nanoseconds: nanoseconds))
      target.truncate(to: 0)
    }
    add(variableNanoseconds(column), VariableEncoding.encode(column, options, into: &target))
    if let parts = PatternEncoding.parts(of: column) {
      add(patternNanoseconds(column), PatternEncoding.encode(parts, options, into: &target))
    }
    if let parts = dictionaryParts(of: column) {
      add(
        Double(column.count) * Self.dictionaryNanoseconds,
        DictionaryEncoding.encode(parts, options, into: &target))
    }
    return alternatives
  }

  private func dictionaryParts(of column: Column) -> DictionaryEncoding.Parts? {
    column.type == .utf8 ? DictionaryEncoding.worthwhileParts(of: column) : nil
  }

  private func cost(_ byteCount: Int, _ nanoseconds: Double) -> Double {
    Double(byteCount) * options.nanosecondsPerByte + nanoseconds
  }

  private func patternNanoseconds(_ column: Column) -> Double {
    Double(column.count) * Self.patternNanoseconds
  }

  private func variableNanoseconds(_ column: Column) -> Double {
    Double(column.textByteCount) * Self.compressedByteNanoseconds
  }
}
