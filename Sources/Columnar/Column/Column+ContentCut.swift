extension Column {
  /// The first row of a range whose index value differs from the one before it and hashes to a multiple of
  /// `mask + 1`, or nil.
  ///
  /// - Parameters:
  ///   - previous: the value before the range, nil for none.
  ///   - mask: a power of two less one.
  /// - Precondition: the type can index.
  package func firstContentCut(in rows: Range<Int>, after previous: Int64?, mask: UInt64) -> Int? {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "rows out of bounds")
    guard let first = rows.first else { return nil }
    func search<Element: FixedWidthValue & FixedWidthInteger>(_ element: Element.Type) -> Int? {
      withValues(as: Element.self) { values in
        // The complement differs from the value itself.
        var last = previous ?? ~Int64(truncatingIfNeeded: values[first])
        for row in rows {
          let key = Int64(truncatingIfNeeded: values[row])
          if key != last, Self.contentHash(key) & mask == 0 { return row }
          last = key
        }
        return nil
      }
    }
    switch type.slotType {
    case .int8: return search(Int8.self)
    case .int16: return search(Int16.self)
    case .int32: return search(Int32.self)
    case .int64: return search(Int64.self)
    case .uint8: return search(UInt8.self)
    case .uint16: return search(UInt16.self)
    case .uint32: return search(UInt32.self)
    default: preconditionFailure("\(type) cannot index")
    }
  }

  /// A 64-bit finaliser: every input bit reaches every output bit (the mixing step of SplitMix64; Steele,
  /// Lea, Flood, OOPSLA 2014). Part of the format only in so far as equal data should be cut equally.
  @inline(__always)
  package static func contentHash(_ key: Int64) -> UInt64 {
    var value = UInt64(bitPattern: key) &+ 0x9E37_79B9_7F4A_7C15
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
