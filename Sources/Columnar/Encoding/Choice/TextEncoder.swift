import SternaBase

/// Chooses an encoding for a column of texts or binaries and writes it: a dictionary when values repeat, a
/// pattern when they have one shape, else the bytes as they are, compressed where that pays.
struct TextEncoder {
  let options: EncodingOptions
  /// Nanoseconds to write a text of a pattern, and for each byte of compressed text.
  private static let patternNanoseconds = 8.0
  private static let compressedByteNanoseconds = 0.9

  func encode(_ column: Column, into target: inout GrowableBytes) -> EncodedNode {
    if column.type == .utf8, let parts = DictionaryEncoding.worthwhileParts(of: column) {
      return DictionaryEncoding.encode(parts, options, into: &target)
    }
    let start = target.count
    guard let parts = PatternEncoding.parts(of: column) else {
      return VariableEncoding.encode(column, options, into: &target)
    }
    let pattern = PatternEncoding.encode(parts, options, into: &target)
    guard !isCheap(pattern, from: start, target.count, of: column) else { return pattern }
    var other = GrowableBytes()
    let node = VariableEncoding.encode(column, options, into: &other)
    guard
      cost(other.count, of: column, isPattern: false)
        < cost(target.count - start, of: column, isPattern: true)
    else { return pattern }
    target.truncate(to: start)
    target.append(contentsOf: other.bytes)
    return node
  }

  /// Whether a pattern is so much smaller than the texts that nothing else needs a try: zstd does not see
  /// numbers.
  private func isCheap(_ node: EncodedNode, from start: Int, _ end: Int, of column: Column) -> Bool {
    (end - start) * 3 < textByteCount(of: column)
  }

  private func textByteCount(of column: Column) -> Int {
    column.withTexts { Int($0.bounds[column.count] - $0.bounds[0]) }
  }

  private func cost(_ byteCount: Int, of column: Column, isPattern: Bool) -> Double {
    let decoding =
      isPattern
      ? Double(column.count) * Self.patternNanoseconds
      : Double(textByteCount(of: column)) * Self.compressedByteNanoseconds
    return Double(byteCount) * options.nanosecondsPerByte + decoding
  }
}
