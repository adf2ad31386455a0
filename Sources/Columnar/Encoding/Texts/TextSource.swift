import SternaBase

/// The texts of one chunk, decoded as far as their total size is known. They are written once it is known
/// where to, which for one of many chunks depends on the sizes of those before it:
///
///     chunk 0   [ codes | texts ]     ──write──►   offsets  [............|.......|............]
///     chunk 1   [ numbers of ids ]    ──write──►   data     [......|................|..........]
///     chunk 2   [ lengths | zstd ]    ──write──►                    ^ where chunk 1 begins
protocol TextSource: Sendable {
  /// How many texts.
  var count: Int { get }
  /// The bytes of all texts.
  var byteCount: Int { get }
  /// Writes every text and where it ends. Throws where the texts turn out not to be what they claim.
  func write(to target: TextTarget) throws(SternaError)
}

/// Where the texts of a chunk go.
///
/// - Invariant: `ends` has a slot a text and `data` has the bytes of all. Nothing outside of the two is
///   touched: the neighbours are written at the same time.
struct TextTarget {
  /// Where each text ends, counted from `base` on.
  let ends: UnsafeMutableBufferPointer<Int64>
  /// Where the first text begins in the column's data.
  let base: Int64
  let data: UnsafeMutableRawBufferPointer

  /// Whether every text is valid UTF-8 by itself, after they were written.
  var isUTF8: Bool {
    TextValidation.isValid(ends: UnsafeBufferPointer(ends), base: base, data: UnsafeRawBufferPointer(data))
  }
}

extension TextSource {
  /// The texts as buffers of their own.
  func storage() throws(SternaError) -> (offsets: Bytes, data: Bytes) {
    let offsets = try ByteStorage(untrustedCount: (count + 1) * MemoryLayout<Int64>.size)
    let data = try ByteStorage(untrustedCount: byteCount)
    let bounds = offsets.mutableBytes.assumingMemoryBound(to: Int64.self)
    bounds[0] = 0
    try write(
      to: TextTarget(
        ends: UnsafeMutableBufferPointer(rebasing: bounds[1...]), base: 0, data: data.mutableBytes))
    return (Bytes(offsets), Bytes(data))
  }
}

/// Texts that are written out already, elsewhere.
struct DecodedTexts: TextSource {
  let offsets: Bytes
  let data: Bytes

  var count: Int { offsets.count / MemoryLayout<Int64>.size - 1 }
  var byteCount: Int { range.count }

  private var range: Range<Int> {
    offsets.withUnsafeBytes { raw in
      let bounds = raw.assumingMemoryBound(to: Int64.self)
      return Int(bounds[0])..<Int(bounds[bounds.count - 1])
    }
  }

  func write(to target: TextTarget) {
    offsets.withUnsafeBytes { raw in
      let bounds = raw.assumingMemoryBound(to: Int64.self)
      let shift = target.base &- bounds[0]
      for row in 0..<target.ends.count { target.ends[row] = bounds[row + 1] &+ shift }
    }
    data[range].withUnsafeBytes { target.data.copyMemory(from: $0) }
  }
}
