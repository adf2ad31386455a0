import CArrow
import SternaBase

extension ArrowArrayReader {
  func variableColumn(_ type: DataType, _ offsetWidth: Int) throws(SternaError) -> Column {
    let (offsets, byteCount) = try offsetWidth == 4 ? widenedOffsets() : wideOffsets()
    let data = byteCount == 0 ? .empty : owner.bytes(try address(ofBuffer: 2), count: byteCount)
    return Column(
      type: type, count: count, storage: .variable(offsets: offsets, data: data), validity: try validity())
  }

  /// 64-bit offsets where they are, and the end of the last value.
  private func wideOffsets() throws(SternaError) -> (Bytes, Int) {
    guard count > 0 else { return (Self.noValues, 0) }
    let address = try address(ofBuffer: 1) + first * 8
    let raw = UnsafeRawBufferPointer(start: address, count: (count + 1) * 8)
    let isAligned = UInt(bitPattern: address) % 8 == 0
    let offsets = isAligned ? owner.bytes(address, count: raw.count) : Bytes(copying: raw)
    return (
      offsets,
      try offsets.withUnsafeBytes { (raw) throws(SternaError) in
        try end(of: raw.assumingMemoryBound(to: Int64.self))
      }
    )
  }

  private func widenedOffsets() throws(SternaError) -> (Bytes, Int) {
    guard count > 0 else { return (Self.noValues, 0) }
    let address = try address(ofBuffer: 1) + first * 4
    let offsets = Bytes(count: (count + 1) * 8) { out in
      let out = out.assumingMemoryBound(to: Int64.self)
      for row in 0...count {
        out[row] = Int64(address.loadUnaligned(fromByteOffset: row * 4, as: Int32.self))
      }
    }
    return (
      offsets,
      try offsets.withUnsafeBytes { (raw) throws(SternaError) in
        try end(of: raw.assumingMemoryBound(to: Int64.self))
      }
    )
  }

  /// The last offset, after checking that none is negative or falls. What lies behind the end of the data
  /// cannot be told from the data: the interface carries no sizes.
  private func end(of bounds: UnsafeBufferPointer<Int64>) throws(SternaError) -> Int {
    var previous: Int64 = 0
    for bound in bounds {
      guard bound >= previous else { throw malformed("has offsets that fall") }
      previous = bound
    }
    guard previous <= Self.byteCountMax else { throw malformed("has offsets beyond any memory") }
    return Int(previous)
  }

  /// What a process can address: a larger size is not one.
  private static let byteCountMax: Int64 = 1 << 47

  private static let noValues = Bytes(count: 8) { $0.initializeMemory(as: UInt8.self, repeating: 0) }

  /// Values of up to 12 bytes stand in their view; longer ones are in a buffer that the view names.
  func viewColumn(_ type: DataType) throws(SternaError) -> Column {
    let builder = ColumnBuilder(type, reserving: count)
    guard count > 0 else { return builder.finish() }
    let views = try address(ofBuffer: 1) + first * 16
    let validity = try validity()
    // The last buffer holds the lengths of the data buffers before it. Views name them by 32 bits.
    guard array.n_buffers <= Int64(Int32.max) else { throw malformed("has \(array.n_buffers) buffers") }
    let dataCount = Int(array.n_buffers) - 3
    for row in 0..<count {
      if let validity, !validity[row] {
        builder.appendNull()
        continue
      }
      let view = views + row * 16
      let length = Int(view.loadUnaligned(as: Int32.self))
      guard length >= 0 else { throw malformed("has a value of \(length) bytes") }
      if length <= 12 {
        builder.append(utf8: UnsafeRawBufferPointer(start: view + 4, count: length))
        continue
      }
      let number = Int(view.loadUnaligned(fromByteOffset: 8, as: Int32.self))
      let offset = Int(view.loadUnaligned(fromByteOffset: 12, as: Int32.self))
      guard number >= 0, number < dataCount, offset >= 0 else {
        throw malformed("has a view into no buffer")
      }
      let lengths = try address(ofBuffer: 2 + dataCount)
      let size = lengths.loadUnaligned(fromByteOffset: number * 8, as: Int64.self)
      guard Int64(offset + length) <= size else { throw malformed("has a view beyond its buffer") }
      builder.append(
        utf8: UnsafeRawBufferPointer(start: try address(ofBuffer: 2 + number) + offset, count: length))
    }
    return builder.finish()
  }

  func fixedBytesColumn(_ width: Int) throws(SternaError) -> Column {
    let builder = ColumnBuilder(.binary, reserving: count)
    guard count > 0 else { return builder.finish() }
    let validity = try validity()
    let values = try address(ofBuffer: 1) + first * width
    for row in 0..<count {
      if let validity, !validity[row] {
        builder.appendNull()
      } else {
        builder.append(utf8: UnsafeRawBufferPointer(start: values + row * width, count: width))
      }
    }
    return builder.finish()
  }

  func dayColumn() throws(SternaError) -> Column {
    let builder = ColumnBuilder(.date, reserving: count)
    guard count > 0 else { return builder.finish() }
    let validity = try validity()
    let values = try address(ofBuffer: 1) + first * 8
    let millisecondsPerDay: Int64 = 86_400_000
    for row in 0..<count {
      if let validity, !validity[row] {
        builder.appendNull()
        continue
      }
      let (day, rest) = values.loadUnaligned(fromByteOffset: row * 8, as: Int64.self)
        .quotientAndRemainder(dividingBy: millisecondsPerDay)
      guard rest == 0, Int32(exactly: day) != nil else {
        throw malformed("has a date that is not a whole day")
      }
      builder.append(day)
    }
    return builder.finish()
  }
}
