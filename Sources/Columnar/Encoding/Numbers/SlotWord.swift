/// The bits of one slot of a fixed-width column: what number encodings read and write, whatever the type.
///
/// All arithmetic on slots wraps, so that a decoder working on the low bits of a wider number gives the low
/// bits of the right answer.
protocol SlotWord: FixedWidthInteger, UnsignedInteger, BitwiseCopyable, Sendable {}

extension UnsafeMutableBufferPointer where Element: SlotWord {
  /// The slots as numbers of 64 bits, for kernels that are made for those; nil for slots of another width.
  var words64: UnsafeMutablePointer<UInt64>? {
    guard Element.self == UInt64.self else { return nil }
    return UnsafeMutableRawPointer(baseAddress)?.assumingMemoryBound(to: UInt64.self)
  }

  /// As `words64`, for slots of 32 bits.
  var words32: UnsafeMutablePointer<UInt32>? {
    guard Element.self == UInt32.self else { return nil }
    return UnsafeMutableRawPointer(baseAddress)?.assumingMemoryBound(to: UInt32.self)
  }
}

extension UInt8: SlotWord {}
extension UInt16: SlotWord {}
extension UInt32: SlotWord {}
extension UInt64: SlotWord {}
