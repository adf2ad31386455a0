/// The bits of one slot of a fixed-width column: what number encodings read and write, whatever the type.
///
/// All arithmetic on slots wraps, so that a decoder working on the low bits of a wider number gives the low
/// bits of the right answer.
protocol SlotWord: FixedWidthInteger, UnsignedInteger, BitwiseCopyable, Sendable {}

extension UInt8: SlotWord {}
extension UInt16: SlotWord {}
extension UInt32: SlotWord {}
extension UInt64: SlotWord {}
