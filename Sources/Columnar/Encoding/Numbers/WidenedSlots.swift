/// The slots of a column as numbers of one width, widened so that close values are close numbers: signed
/// types keep their sign, all others (the bits of floats too) are zero-extended. The slot of a null
/// repeats the value before it (after it, at the start), which costs next to nothing and leaves the
/// bounds as they are.
struct WidenedSlots {
  let numbers: [Int64]
  /// Bytes of a slot in memory.
  let slotWidth: Int

  init(_ column: Column) {
    slotWidth = column.type.byteWidth ?? 0
    let validity = column.validity
    numbers = column.withSlots { raw in
      switch column.type.slotType {
      case .int8: Self.widen(raw.assumingMemoryBound(to: Int8.self), validity)
      case .int16: Self.widen(raw.assumingMemoryBound(to: Int16.self), validity)
      case .int32: Self.widen(raw.assumingMemoryBound(to: Int32.self), validity)
      case .uint8: Self.widen(raw.assumingMemoryBound(to: UInt8.self), validity)
      case .uint16: Self.widen(raw.assumingMemoryBound(to: UInt16.self), validity)
      case .uint32, .float32: Self.widen(raw.assumingMemoryBound(to: UInt32.self), validity)
      default: Self.widen(raw.assumingMemoryBound(to: Int64.self), validity)
      }
    }
  }

  private static func widen<Word: FixedWidthInteger>(
    _ slots: UnsafeBufferPointer<Word>, _ validity: Bitmap?
  ) -> [Int64] {
    [Int64](unsafeUninitializedCapacity: slots.count) { numbers, count in
      count = slots.count
      guard let validity else {
        for row in 0..<slots.count { numbers[row] = Int64(truncatingIfNeeded: slots[row]) }
        return
      }
      var last = validity.firstSetIndex.map { Int64(truncatingIfNeeded: slots[$0]) } ?? 0
      for start in stride(from: 0, to: slots.count, by: 64) {
        var word = validity.word(at: start)
        for row in start..<min(start + 64, slots.count) {
          if word & 1 == 1 { last = Int64(truncatingIfNeeded: slots[row]) }
          word >>= 1
          numbers[row] = last
        }
      }
    }
  }
}
