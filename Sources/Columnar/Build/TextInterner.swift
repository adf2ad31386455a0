import SternaBase

/// Gives equal texts the same code: 0, 1, 2, ... in the order of first appearance.
///
///     slots    [. e2 . e0 e1 . ...]      open addressing by hash, never more than half full;
///                                        e: hash, code, and of a text up to 8 bytes the text itself
///     offsets  [0 o1 o2 o3]  data [...]  the texts by code, in a column's layout
struct TextInterner: ~Copyable {
  private struct Slot {
    var hash: UInt64 = 0
    /// The text, zero-extended, when it is short: then nothing else needs to be read.
    var short: UInt64 = 0
    var byteCount: UInt32 = 0
    var code: Int32 = -1
  }

  private static let shortByteCount = 8

  private var slots: UnsafeMutableBufferPointer<Slot>
  private var offsets = GrowableBytes()
  private var data = GrowableBytes()
  /// How many distinct texts there are.
  private(set) var count = 0

  init() {
    slots = Self.emptySlots(64)
    offsets.append(Int64(0))
  }

  deinit { slots.deallocate() }

  /// Bytes of all distinct texts together.
  var byteCount: Int { data.count }

  mutating func code(for text: UnsafeRawBufferPointer) -> Int32 {
    let byteCount = text.count
    let short = byteCount <= Self.shortByteCount ? Self.word(text, at: 0) : 0
    let hash = Self.hash(text, short: short)
    var index = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[index].code >= 0 {
      let slot = slots[index]
      if slot.hash == hash, slot.short == short, Int(slot.byteCount) == byteCount,
        byteCount <= Self.shortByteCount || isText(slot.code, equalTo: text)
      {
        return slot.code
      }
      index = (index + 1) & (slots.count - 1)
    }
    let code = Int32(count)
    slots[index] = Slot(
      hash: hash, short: short, byteCount: UInt32(truncatingIfNeeded: byteCount), code: code)
    count += 1
    data.append(contentsOf: text)
    offsets.append(Int64(data.count))
    if count * 2 > slots.count { grow() }
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

  private static func emptySlots(_ count: Int) -> UnsafeMutableBufferPointer<Slot> {
    let slots = UnsafeMutableBufferPointer<Slot>.allocate(capacity: count)
    slots.initialize(repeating: Slot())
    return slots
  }

  private mutating func grow() {
    let larger = Self.emptySlots(slots.count * 2)
    for slot in slots where slot.code >= 0 {
      var index = Int(truncatingIfNeeded: slot.hash) & (larger.count - 1)
      while larger[index].code >= 0 { index = (index + 1) & (larger.count - 1) }
      larger[index] = slot
    }
    slots.deallocate()
    slots = larger
  }

  /// Folds 8 bytes at a time through a 128-bit product.
  @inline(__always)
  private static func hash(_ text: UnsafeRawBufferPointer, short: UInt64) -> UInt64 {
    var hash = UInt64(text.count) &* 0x9E37_79B9_7F4A_7C15
    guard text.count > shortByteCount else { return mix(hash ^ short) }
    var position = 0
    while position + 8 <= text.count {
      hash = mix(hash ^ text.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      position += 8
    }
    return mix(hash ^ word(text, at: position))
  }

  /// Up to 8 bytes from a position on, zeros behind the end.
  @inline(__always)
  private static func word(_ text: UnsafeRawBufferPointer, at position: Int) -> UInt64 {
    let left = text.count - position
    if left >= 8 { return text.loadUnaligned(fromByteOffset: position, as: UInt64.self) }
    var word: UInt64 = 0
    var index = 0
    if left >= 4 {
      word = UInt64(text.loadUnaligned(fromByteOffset: position, as: UInt32.self))
      index = 4
    }
    while index < left {
      word |= UInt64(text[position + index]) &<< UInt64(truncatingIfNeeded: index * 8)
      index += 1
    }
    return word
  }

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    let product = (value ^ 0xD6E8_FEB8_6659_FD93).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return product.high ^ product.low
  }
}
