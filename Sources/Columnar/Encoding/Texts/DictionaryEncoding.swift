import SternaBase

/// Texts of few distinct values.
///
///     parameter   how many distinct texts
///     children    codes (numbers) | texts (variable)
///
///     text[i] = texts[codes[i]]
enum DictionaryEncoding {
  /// Codes by row (a null repeats the one before it) and the texts by code, all of them used.
  struct Parts {
    var codes: [Int64]
    var texts: Column
  }

  static func encode(_ parts: Parts, _ options: EncodingOptions, into target: inout GrowableBytes)
    -> EncodedNode
  {
    let codes = NumberEncoder(options: options).encode(parts.codes, slotWidth: 4, into: &target)
    let texts = VariableEncoding.encode(parts.texts, options, into: &target)
    return EncodedNode(.dictionary, parameters: [UInt64(parts.texts.count)], children: [codes, texts])
  }

  /// Rows after which it shows whether texts repeat.
  private static let trialCount = 8_192

  /// The parts of a utf8 column, or nil when more than every other text is new.
  static func worthwhileParts(of column: Column) -> Parts? {
    guard column.count >= 16 else { return nil }
    var interner = TextInterner()
    let validity = column.validity
    var isWorthwhile = true
    let codes = column.withTexts { texts in
      [Int64](unsafeUninitializedCapacity: texts.count) { codes, count in
        var last: Int64 = 0
        for row in 0..<texts.count {
          if validity?[row] ?? true { last = Int64(interner.code(for: texts[row])) }
          codes[row] = last
          if row == trialCount, interner.count * 4 > 3 * row {
            isWorthwhile = false
            return
          }
        }
        count = texts.count
        isWorthwhile = interner.count * 2 <= texts.count
      }
    }
    return isWorthwhile ? Parts(codes: codes, texts: interner.take()) : nil
  }

  /// The parts of a dictionary column: only the texts that its rows use, each once.
  static func parts(codes: Bytes, texts: Column, validity: Bitmap?, count: Int) -> Parts {
    var interner = TextInterner()
    var newCodes = [Int64](repeating: -1, count: texts.count)
    let renumbered = codes.withUnsafeBytes { raw in
      texts.withTexts { texts in
        let oldCodes = raw.assumingMemoryBound(to: Int32.self)
        var last: Int64 = 0
        return (0..<count).map { row in
          guard validity?[row] ?? true else { return last }
          let old = Int(oldCodes[row])
          if newCodes[old] < 0 { newCodes[old] = Int64(interner.code(for: texts[old])) }
          last = newCodes[old]
          return last
        }
      }
    }
    return Parts(codes: renumbered, texts: interner.take())
  }

  /// Decodes the codes to where they belong and returns the texts; where all rows are null, codes may be
  /// of no text.
  static func decode(
    _ node: EncodedNode, _ payload: inout ByteReader, codes: UnsafeMutableBufferPointer<UInt32>,
    validity: Bitmap?
  ) throws(SternaError) -> Column {
    guard node.byteCount == 0, node.parameters[0] <= UInt64(codes.count) else {
      throw .malformedChunk("\(node.parameters[0]) distinct texts of \(codes.count)")
    }
    let distinctCount = Int(node.parameters[0])
    try NumberDecoder.decode(node.children[0], &payload, into: codes)
    let texts = try VariableEncoding.decode(
      node.children[1], &payload, count: distinctCount, isText: true
    ).storage()
    guard codes.areAll(below: max(distinctCount, 1)) else { throw .malformedChunk("a code out of range") }
    if distinctCount == 0, codes.count > 0, validity?.setCount != 0 {
      throw .malformedChunk("rows without a text to refer to")
    }
    return Column(
      type: .utf8, count: distinctCount, storage: .variable(offsets: texts.offsets, data: texts.data))
  }

  /// As above, with the codes in memory of their own.
  static func decode(
    _ node: EncodedNode, _ payload: inout ByteReader, count: Int, validity: Bitmap?
  ) throws(SternaError) -> (codes: Bytes, texts: Column) {
    let storage = try ByteStorage(untrustedCount: count * MemoryLayout<UInt32>.size)
    let codes = storage.mutableBytes.assumingMemoryBound(to: UInt32.self)
    let texts = try decode(node, &payload, codes: codes, validity: validity)
    return (Bytes(storage), texts)
  }
}

extension UnsafeMutableBufferPointer<UInt32> {
  /// Whether every number is below a limit of at least 1 and at most 2^31, without a branch a number.
  func areAll(below limit: Int) -> Bool {
    let largest = UInt32(limit - 1)
    // The highest bit is set by a number above 2^31, and by the difference of one above the largest.
    var seen: UInt32 = 0
    for number in self { seen |= (largest &- number) | number }
    return seen >> 31 == 0
  }
}
