/// The slots of a column as numbers of one width, widened so that close values are close numbers: signed
/// types keep their sign, all others (the bits of floats too) are zero-extended. The slot of a null
/// repeats the value before it (after it, at the start), which costs next to nothing and leaves the
/// bounds as they are.
enum WidenedSlots {
  /// Lends the numbers; slots of 64 bits without nulls are lent where they are.
  static func lend<Result>(_ column: Column, _ body: (UnsafeBufferPointer<Int64>) -> Result) -> Result {
    let validity = column.validity
    return column.withSlots { raw in
      switch column.type.slotType {
      case .int8: widen(raw.assumingMemoryBound(to: Int8.self), validity).withUnsafeBufferPointer(body)
      case .int16: widen(raw.assumingMemoryBound(to: Int16.self), validity).withUnsafeBufferPointer(body)
      case .int32: widen(raw.assumingMemoryBound(to: Int32.self), validity).withUnsafeBufferPointer(body)
      case .uint8: widen(raw.assumingMemoryBound(to: UInt8.self), validity).withUnsafeBufferPointer(body)
      case .uint16: widen(raw.assumingMemoryBound(to: UInt16.self), validity).withUnsafeBufferPointer(body)
      case .uint32, .float32:
        widen(raw.assumingMemoryBound(to: UInt32.self), validity).withUnsafeBufferPointer(body)
      default:
        if validity == nil {
          body(raw.assumingMemoryBound(to: Int64.self))
        } else {
          widen(raw.assumingMemoryBound(to: Int64.self), validity).withUnsafeBufferPointer(body)
        }
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
