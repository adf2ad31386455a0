import SternaBase

/// Texts of few distinct values.
///
///     parameter   how many distinct texts
///     children    codes (numbers) | texts (variable)
///
///     text[i] = texts[codes[i]]
enum DictionaryEncoding {
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
    guard case .variable(let textOffsets, _) = texts.storage, texts.count > 0 else {
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
      texts.withTexts { texts in
        copy(texts, of: rawCodes.assumingMemoryBound(to: Int32.self), into: data.mutableBytes)
      }
    }
    return .variable(offsets: Bytes(offsets), data: Bytes(data))
  }

  /// Copies the text of each code behind the one before. Short texts are copied 16 bytes at once, which
  /// writes over what follows, as long as something of the target follows.
  private static func copy(
    _ texts: TextSlots, of codes: UnsafeBufferPointer<Int32>, into target: UnsafeMutableRawBufferPointer
  ) {
    guard var end = target.baseAddress, texts.data.count > 0 else { return }
    var padded = GrowableBytes(reserving: texts.data.count + 16)
    padded.append(contentsOf: texts.data)
    padded.appendZeros(16)
    let limit = end + max(0, target.count - 16)
    for code in codes {
      let start = Int(texts.bounds[Int(code)])
      let byteCount = Int(texts.bounds[Int(code) + 1]) - start
      if byteCount <= 16, end < limit {
        let text = padded.bytes.loadUnaligned(fromByteOffset: start, as: SIMD16<UInt8>.self)
        end.storeBytes(of: text, as: SIMD16<UInt8>.self)
      } else if byteCount > 0 {
        UnsafeMutableRawBufferPointer(start: end, count: byteCount)
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: texts.data[start..<(start + byteCount)]))
      }
      end += byteCount
    }
  }

  /// Writes where each text begins and returns where the last ends (at most 2^27 * 2^31).
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
