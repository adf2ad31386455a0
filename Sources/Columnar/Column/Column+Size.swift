import SternaBase

extension Column {
  /// The bytes that the rows have in memory, without the distinct texts of a dictionary.
  package var memoryByteCount: Int {
    let bitByteCount = (count + 7) / 8
    let nullByteCount = validity == nil ? 0 : bitByteCount
    switch storage {
    case .fixedWidth(let values): return values.count + nullByteCount
    case .bits: return bitByteCount + nullByteCount
    case .variable(let offsets, _): return offsets.count + textByteCount + nullByteCount
    case .dictionary where type == .utf8: return (count + 1) * 8 + codedTextByteCount + nullByteCount
    case .dictionary(let codes, _): return codes.count + nullByteCount
    }
  }

  /// The bytes of all values of a utf8 or binary column.
  var textByteCount: Int { withTexts { Int($0.bounds[count] - $0.bounds[0]) } }
}
