import SternaBase

/// Gives equal texts the same code: 0, 1, 2, ... in the order of first appearance.
///
///     slots    [-1  2 -1  0  1 -1 ...]   open addressing by hash, never more than half full
///     hashes   [h0 h1 h2]                by code
///     offsets  [0 o1 o2 o3]  data [...]  the texts by code, in a column's layout
struct TextInterner: ~Copyable {
  private var slots = [Int32](repeating: -1, count: 64)
  private var hashes: [UInt64] = []
  private var offsets = GrowableBytes()
  private var data = GrowableBytes()

  init() { offsets.append(Int64(0)) }

  /// How many distinct texts there are.
  var count: Int { hashes.count }
  /// Bytes of all distinct texts together.
  var byteCount: Int { data.count }

  mutating func code(for text: UnsafeRawBufferPointer) -> Int32 {
    let hash = Self.hash(text)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let code = slots[slot]
      if hashes[Int(code)] == hash, isText(code, equalTo: text) { return code }
      slot = (slot + 1) & (slots.count - 1)
    }
    let code = Int32(hashes.count)
    slots[slot] = code
    hashes.append(hash)
    data.append(contentsOf: text)
    offsets.append(Int64(data.count))
    if hashes.count * 2 > slots.count { rehash() }
    return code
  }

  /// The distinct texts by code; the interner starts again with none.
  mutating func take(as type: DataType = .utf8) -> Column {
    let column = Column(
      type: type, count: count, storage: .variable(offsets: offsets.take(), data: data.take()))
    self = TextInterner()
    return column
  }

  private func isText(_ code: Int32, equalTo text: UnsafeRawBufferPointer) -> Bool {
    let bounds = offsets.bytes.assumingMemoryBound(to: Int64.self)
    let range = Int(bounds[Int(code)])..<Int(bounds[Int(code) + 1])
    return range.count == text.count && UnsafeRawBufferPointer(rebasing: data.bytes[range]).matches(text)
  }

  private mutating func rehash() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    for (code, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(code)
    }
  }

  /// Folds 8 bytes at a time through a 128-bit product.
  private static func hash(_ text: UnsafeRawBufferPointer) -> UInt64 {
    var hash = UInt64(text.count) &* 0x9E37_79B9_7F4A_7C15
    var position = 0
    while position + 8 <= text.count {
      hash = mix(hash ^ text.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      position += 8
    }
    var rest: UInt64 = 0
    while position < text.count {
      rest = rest << 8 | UInt64(text[position])
      position += 1
    }
    return mix(hash ^ rest)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    let product = (value ^ 0xD6E8_FEB8_6659_FD93).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return product.high ^ product.low
  }
}
