import SternaBase

/// The texts of one pattern with all numbers of a range, as a dictionary: the number is the code, and no
/// text has to be written out, hashed or compared for that. Not every text need be one of a row.
///
///     chunk 0    numbers 4 ... 17        codes   number - base, which wraps below it
///     chunk 1    numbers 2 ... 12
///     texts      of 2 ... 17             shift   base - 2, to be added to the codes in the end
struct NumberDictionary: Sendable {
  /// A first chunk hardly has the smallest number of all: the base is below it by up to this share of its
  /// numbers.
  private static let slackShare = 8

  let base: UInt64
  /// Those that all chunks have.
  private var patterns: [TextPattern]
  private var numbers: ClosedRange<UInt64>

  /// Nil when there are too many numbers.
  init?(_ texts: NumberedTexts, countMax: Int) {
    patterns = texts.patterns
    let granularity =
      UInt64(1) << Self.logarithm(of: Self.distance(texts.numbers) / UInt64(Self.slackShare))
    base = texts.numbers.lowerBound / granularity * granularity
    numbers = base...texts.numbers.upperBound
    guard isSmall(countMax: countMax) else { return nil }
  }

  /// Takes the numbers of another chunk in.
  /// - Returns: false when its texts are others, or too many with it.
  mutating func take(_ texts: NumberedTexts, countMax: Int) -> Bool {
    var larger = self
    larger.patterns = patterns.filter(texts.patterns.contains)
    larger.numbers =
      min(
        numbers.lowerBound, texts.numbers.lowerBound)...max(
        numbers.upperBound, texts.numbers.upperBound)
    guard !larger.patterns.isEmpty, larger.isSmall(countMax: countMax) else { return false }
    self = larger
    return true
  }

  var pattern: TextPattern { patterns[0] }

  /// What is to be added to the codes, so that the first text has code 0.
  var shift: UInt32 { UInt32(truncatingIfNeeded: base &- numbers.lowerBound) }

  /// The dictionary.
  func texts() throws(SternaError) -> Column {
    let count = Int(Self.distance(numbers)) + 1
    let first = numbers.lowerBound
    let (offsets, data) = try NumberedRows.texts(of: pattern, count: count) {
      for row in 0..<count { $0[row] = first &+ UInt64(row) }
    }.storage()
    return Column(type: .utf8, count: count, storage: .variable(offsets: offsets, data: data))
  }

  private func isSmall(countMax: Int) -> Bool {
    let distance = Self.distance(numbers)
    let byteCount = pattern.minimumByteCount + TextPattern.numberWidthMax
    return distance < UInt64(min(max(countMax, 0), Int(Int32.max), SegmentLimits.textByteCount / byteCount))
  }

  private static func distance(_ numbers: ClosedRange<UInt64>) -> UInt64 {
    numbers.upperBound - numbers.lowerBound
  }

  private static func logarithm(of number: UInt64) -> Int { 63 - (number | 1).leadingZeroBitCount }
}

/// Rows of codes of a `NumberDictionary`, as texts after all.
struct NumberedRows: TextSource {
  private let codes: Bytes
  private let pattern: TextPattern
  private let base: UInt64
  let byteCount: Int

  var count: Int { codes.count / MemoryLayout<Int32>.size }

  /// - Parameter codes: distances from the base, not shifted.
  init(codes: Bytes, of dictionary: NumberDictionary) throws(SternaError) {
    self.codes = codes
    pattern = dictionary.pattern
    base = dictionary.base
    let count = codes.count / MemoryLayout<Int32>.size
    if let textByteCount = pattern.fixedByteCount {
      byteCount = count * textByteCount
    } else {
      byteCount = try Self.texts(codes, pattern, base: base).byteCount
    }
  }

  func write(to target: TextTarget) throws(SternaError) {
    try Self.texts(codes, pattern, base: base).write(to: target)
  }

  private static func texts(
    _ codes: Bytes, _ pattern: TextPattern, base: UInt64
  ) throws(SternaError) -> PatternTexts {
    try texts(of: pattern, count: codes.count / MemoryLayout<Int32>.size) { numbers in
      codes.withUnsafeBytes { raw in
        let distances = raw.assumingMemoryBound(to: Int32.self)
        for row in 0..<distances.count { numbers[row] = base &+ UInt64(bitPattern: Int64(distances[row])) }
      }
    }
  }

  /// The texts of numbers that `fill` writes.
  fileprivate static func texts(
    of pattern: TextPattern, count: Int, _ fill: (UnsafeMutableBufferPointer<UInt64>) -> Void
  ) throws(SternaError) -> PatternTexts {
    let words = try ByteStorage(untrustedCount: count * MemoryLayout<UInt64>.size)
    fill(words.mutableBytes.assumingMemoryBound(to: UInt64.self))
    return PatternTexts(
      pattern: pattern, fields: [PatternField(words: Bytes(words))], isText: true, count: count)
  }
}
