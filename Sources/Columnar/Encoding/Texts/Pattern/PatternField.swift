import SternaBase

/// The numbers of one field of a pattern, one a text.
struct PatternField: Sendable {
  /// 64 bits a number.
  let words: Bytes

  func withNumbers<Result>(_ body: (UnsafeBufferPointer<UInt64>) -> Result) -> Result {
    words.withUnsafeBytes { body($0.assumingMemoryBound(to: UInt64.self)) }
  }
}

extension PatternField {
  init(_ node: EncodedNode, _ payload: inout ByteReader, count: Int) throws(SternaError) {
    let storage = try ByteStorage(untrustedCount: count * MemoryLayout<UInt64>.size)
    try NumberDecoder.decode(
      node, &payload, into: storage.mutableBytes.assumingMemoryBound(to: UInt64.self))
    self.init(words: Bytes(storage))
  }

  /// The numbers of several fields, row after row.
  init(interleaving fields: [PatternField], rowCount: Int) {
    let words = Bytes(count: rowCount * fields.count * MemoryLayout<UInt64>.size) { bytes in
      let target = bytes.assumingMemoryBound(to: UInt64.self)
      for (field, numbers) in fields.enumerated() {
        numbers.withNumbers { numbers in
          for row in 0..<rowCount { target[row * fields.count + field] = numbers[row] }
        }
      }
    }
    self.init(words: words)
  }
}
