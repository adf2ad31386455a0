import SternaBase

/// Texts as codes into few distinct ones.
struct DictionaryTexts: TextSource {
  /// An Int32 a row, each below the number of texts, or any where there is no text at all.
  let codes: Bytes
  let texts: Column
  let byteCount: Int

  var count: Int { codes.count / MemoryLayout<Int32>.size }

  init(codes: Bytes, texts: Column) throws(SternaError) {
    self.codes = codes
    self.texts = texts
    byteCount = Self.byteCount(codes, texts)
    guard byteCount <= SegmentLimits.textByteCount else {
      throw .malformedChunk("texts of \(byteCount) bytes")
    }
  }

  /// At most 2^27 texts of 2^31 bytes.
  private static func byteCount(_ codes: Bytes, _ texts: Column) -> Int {
    guard texts.count > 0 else { return 0 }
    return codes.withUnsafeBytes { rawCodes in
      texts.withTexts { texts in
        let codes = rawCodes.assumingMemoryBound(to: Int32.self)
        if let byteCount = texts.commonByteCount { return codes.count * byteCount }
        var total: Int64 = 0
        for code in codes { total &+= texts.bounds[Int(code) &+ 1] &- texts.bounds[Int(code)] }
        return Int(total)
      }
    }
  }

  func write(to target: TextTarget) {
    guard texts.count > 0 else { return target.ends.update(repeating: target.base) }
    codes.withUnsafeBytes { rawCodes in
      texts.withTexts { texts in
        Self.write(texts, of: rawCodes.assumingMemoryBound(to: Int32.self), to: target)
      }
    }
  }

  /// Copies the text of each code behind the one before.
  private static func write(
    _ texts: TextSlots, of codes: UnsafeBufferPointer<Int32>, to target: TextTarget
  ) {
    let (quickRowCount, quickByteCount) = ShortTexts(texts)?.write(codes, to: target) ?? (0, 0)
    var end = quickByteCount
    for row in quickRowCount..<codes.count {
      let start = Int(texts.bounds[Int(codes[row])])
      let byteCount = Int(texts.bounds[Int(codes[row]) + 1]) - start
      if byteCount > 0 {
        UnsafeMutableRawBufferPointer(rebasing: target.data[end..<(end + byteCount)])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: texts.data[start..<(start + byteCount)]))
      }
      end += byteCount
      target.ends[row] = target.base &+ Int64(end)
    }
  }
}
