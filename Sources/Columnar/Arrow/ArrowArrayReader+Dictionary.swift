import CArrow
import SternaBase

extension ArrowArrayReader {
  /// A dictionary of texts stays one; of anything else it is not stored.
  /// - Parameter type: dictionary, or utf8 for texts that only come as codes.
  func dictionaryColumn(
    codes layout: ArrowLayout, values valueLayout: ArrowLayout, type: DataType
  ) throws(SternaError) -> Column {
    guard let dictionary = array.dictionary else { throw malformed("lacks its dictionary") }
    let values = try ArrowArrayReader(
      dictionary.pointee, name: name, owner: owner, offset: 0, count: Int(dictionary.pointee.length)
    ).column(valueLayout)
    guard array.n_buffers >= 2 else { throw malformed("has \(array.n_buffers) buffers, not 2") }
    let codes = try codes32(layout)
    var validity = try validity()
    try checkCodes(codes, below: values.count, validity)
    // Null as a distinct value is the same as null in its rows.
    if let present = values.validity { validity = rowsPresent(codes, in: present, validity) }
    let texts = Column(type: .utf8, count: values.count, storage: values.storage)
    return Column(
      type: type, count: count, storage: .dictionary(codes: codes, values: texts), validity: validity
    )
  }

  private func codes32(_ layout: ArrowLayout) throws(SternaError) -> Bytes {
    guard case .fixedWidth(let type) = layout, let width = type.byteWidth else {
      throw malformed("has codes that are not integers")
    }
    let slots = try slots(width: width)
    switch type {
    case .int32: return slots
    case .int8: return try converted(slots, Int8.self)
    case .uint8: return try converted(slots, UInt8.self)
    case .int16: return try converted(slots, Int16.self)
    case .uint16: return try converted(slots, UInt16.self)
    case .uint32: return try converted(slots, UInt32.self)
    case .int64: return try converted(slots, Int64.self)
    case .uint64: return try converted(slots, UInt64.self)
    default: throw malformed("has codes that are not integers")
    }
  }

  /// A code that does not fit is that of a null, or refused when codes are checked.
  private func converted<Code: FixedWidthInteger & FixedWidthValue>(
    _ slots: Bytes, _ code: Code.Type
  ) throws(SternaError) -> Bytes {
    slots.withUnsafeBytes { raw in
      let codes = raw.assumingMemoryBound(to: Code.self)
      return Bytes(count: codes.count * 4) { out in
        let out = out.assumingMemoryBound(to: Int32.self)
        for row in codes.indices { out[row] = Int32(exactly: codes[row]) ?? -1 }
      }
    }
  }

  private func checkCodes(_ codes: Bytes, below limit: Int, _ validity: Bitmap?) throws(SternaError) {
    try codes.withUnsafeBytes { (raw) throws(SternaError) in
      let codes = raw.assumingMemoryBound(to: Int32.self)
      // The usual case in a loop without branches: a negative code is a large one.
      if codes.reduce(UInt32(0), { max($0, UInt32(bitPattern: $1)) }) < UInt32(clamping: limit) { return }
      for row in codes.indices where codes[row] < 0 || Int(codes[row]) >= limit {
        if let validity, !validity[row] { continue }
        throw malformed("has code \(codes[row]) in row \(row), of \(limit) values")
      }
    }
  }

  private func rowsPresent(_ codes: Bytes, in present: Bitmap, _ validity: Bitmap?) -> Bitmap? {
    codes.withUnsafeBytes { raw in
      let codes = raw.assumingMemoryBound(to: Int32.self)
      return Bitmap(codes.indices.map { row in (validity?[row] ?? true) && present[Int(codes[row])] })
    }
  }
}
