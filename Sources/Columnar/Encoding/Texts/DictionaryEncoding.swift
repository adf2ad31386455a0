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

  /// The parts of a utf8 or dictionary column. With `whenWorthwhile`, nil as soon as more than every other text
  /// is new.
  static func parts(of column: Column, whenWorthwhile: Bool) -> Parts? {
    if whenWorthwhile, column.count < 16 { return nil }
    var interner = TextInterner()
    var codes = [Int64](repeating: 0, count: column.count)
    var last: Int64 = 0
    for row in 0..<column.count {
      if let code = column.withBytes(at: row, { interner.code(for: $0) }) { last = Int64(code) }
      codes[row] = last
      if whenWorthwhile, row & 1_023 == 1_023, interner.count * 2 > row { return nil }
    }
    if whenWorthwhile, interner.count * 2 > column.count { return nil }
    return Parts(codes: codes, texts: interner.take())
  }

  /// The codes and texts of a column; `isNull` rows may have a code of no text.
  static func decode(
    _ node: EncodedNode, _ payload: inout ByteReader, count: Int, validity: Bitmap?
  ) throws(SternaError) -> (codes: Bytes, texts: Column) {
    guard node.byteCount == 0, node.parameters[0] <= UInt64(count) else {
      throw .malformedChunk("\(node.parameters[0]) distinct texts of \(count)")
    }
    let distinctCount = Int(node.parameters[0])
    let storage = try LargePages.storage(byteCount: count * MemoryLayout<UInt32>.size)
    let codes = storage.mutableBytes.assumingMemoryBound(to: UInt32.self)
    try NumberDecoder.decode(node.children[0], &payload, into: codes)
    let (offsets, data) = try VariableEncoding.decode(
      node.children[1], &payload, count: distinctCount, isText: true)
    let texts = Column(type: .utf8, count: distinctCount, storage: .variable(offsets: offsets, data: data))
    guard codes.allSatisfy({ $0 < max(distinctCount, 1) }) else {
      throw .malformedChunk("a code out of range")
    }
    if distinctCount == 0, count > 0, validity?.setCount != 0 {
      throw .malformedChunk("rows without a text to refer to")
    }
    return (Bytes(storage), texts)
  }

  /// The texts of all rows, written out.
  static func expand(codes: Bytes, texts: Column, count: Int) throws(SternaError) -> ColumnStorage {
    guard case .variable(let textOffsets, let textData) = texts.storage, texts.count > 0 else {
      let zeros = Bytes(count: (count + 1) * 8) { $0.initializeMemory(as: UInt8.self, repeating: 0) }
      return .variable(offsets: zeros, data: .empty)
    }
    let offsets = try LargePages.storage(byteCount: (count + 1) * MemoryLayout<Int64>.size)
    let total = codes.withUnsafeBytes { rawCodes in
      textOffsets.withUnsafeBytes { rawBounds in
        fillOffsets(
          offsets.mutableBytes.assumingMemoryBound(to: Int64.self),
          rawCodes.assumingMemoryBound(to: Int32.self), rawBounds.assumingMemoryBound(to: Int64.self))
      }
    }
    guard total <= SegmentLimits.textByteCount else { throw .malformedChunk("texts of \(total) bytes") }
    let data = try LargePages.storage(byteCount: total)
    codes.withUnsafeBytes { rawCodes in
      textOffsets.withUnsafeBytes { rawBounds in
        textData.withUnsafeBytes { source in
          let bounds = rawBounds.assumingMemoryBound(to: Int64.self)
          let target = data.mutableBytes
          var position = 0
          for code in rawCodes.assumingMemoryBound(to: Int32.self) {
            let text = source[Int(bounds[Int(code)])..<Int(bounds[Int(code) + 1])]
            target[position..<(position + text.count)].copyBytes(from: text)
            position += text.count
          }
        }
      }
    }
    return .variable(offsets: Bytes(offsets), data: Bytes(data))
  }

  /// Writes where each text begins and returns where the last ends (no overflow: 2^27 rows of below 2^31 bytes).
  private static func fillOffsets(
    _ offsets: UnsafeMutableBufferPointer<Int64>, _ codes: UnsafeBufferPointer<Int32>,
    _ bounds: UnsafeBufferPointer<Int64>
  ) -> Int {
    var end: Int64 = 0
    offsets[0] = 0
    for (row, code) in codes.enumerated() {
      end += bounds[Int(code) + 1] - bounds[Int(code)]
      offsets[row + 1] = end
    }
    return Int(end)
  }
}
