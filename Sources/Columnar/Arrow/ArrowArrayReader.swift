import CArrow
import SternaBase

/// Reads one Arrow array as a column: numbers, bits and texts stay where they are, what Sterna lays out
/// differently is copied.
///
/// The interface carries no sizes of buffers, so a producer is trusted to have allocated what its lengths
/// imply; every length, offset and code is checked for being possible before it is used.
struct ArrowArrayReader {
  let name: String
  let owner: ArrowOwner
  let array: ArrowArray
  /// The rows to take, of the array's buffers.
  let first: Int
  let count: Int

  /// - Parameters:
  ///   - offset, count: the rows that the enclosing structure shows, from the array's own offset.
  init(_ array: ArrowArray, name: String, owner: ArrowOwner, offset: Int, count: Int) throws(SternaError) {
    self.array = array
    self.name = name
    self.owner = owner
    self.count = count
    let (first, overflows) = Int(array.offset).addingReportingOverflow(offset)
    let limit = SegmentLimits.frameRowCount
    guard array.offset >= 0, array.length >= 0, offset >= 0, count >= 0, !overflows, first <= limit,
      count <= limit, offset <= array.length, count <= Int(array.length) - offset
    else {
      throw Self.malformed(
        name,
        "has \(array.length) rows from \(array.offset) on, of which \(count) from \(offset) were asked for")
    }
    // -1 stands for a number that was not counted.
    guard (-1...array.length).contains(array.null_count) else {
      throw Self.malformed(name, "has \(array.null_count) nulls in \(array.length) rows")
    }
    self.first = first
  }

  func column(_ field: ArrowField) throws(SternaError) -> Column {
    guard let values = field.dictionaryLayout else { return try column(field.layout) }
    return try dictionaryColumn(codes: field.layout, values: values, type: field.type)
  }

  func column(_ layout: ArrowLayout) throws(SternaError) -> Column {
    guard array.n_buffers >= layout.bufferCount, layout.bufferCount == 0 || array.buffers != nil else {
      throw malformed("has \(array.n_buffers) buffers, not \(layout.bufferCount)")
    }
    switch layout {
    case .fixedWidth(let type):
      return Column(
        type: type, count: count, storage: .fixedWidth(try slots(width: type.byteWidth ?? 0)),
        validity: try validity())
    case .bits:
      let bits = try bitmap(buffer: 1) ?? Bitmap(bytes: .empty, count: 0)
      return Column(type: .bool, count: count, storage: .bits(bits), validity: try validity())
    case .variable(let type, let offsetWidth): return try variableColumn(type, offsetWidth)
    case .views(let type): return try viewColumn(type)
    case .fixedBytes(let width): return try fixedBytesColumn(width)
    case .dayMilliseconds: return try dayColumn()
    case .allNull:
      let builder = ColumnBuilder(.utf8, reserving: count)
      for _ in 0..<count { builder.appendNull() }
      return builder.finish()
    }
  }

  // MARK: Buffers

  /// The values of a fixed-width buffer: a view, or a copy of memory that is not aligned for its type.
  func slots(width: Int) throws(SternaError) -> Bytes {
    let (byteCount, tooLarge) = count.multipliedReportingOverflow(by: width)
    guard !tooLarge, first < Int.max / max(width, 1) else { throw malformed("is too long") }
    guard byteCount > 0 else { return .empty }
    let address = try address(ofBuffer: 1) + first * width
    if UInt(bitPattern: address) % UInt(width) == 0 { return owner.bytes(address, count: byteCount) }
    return Bytes(copying: UnsafeRawBufferPointer(start: address, count: byteCount))
  }

  func address(ofBuffer number: Int) throws(SternaError) -> UnsafeRawPointer {
    guard let address = array.buffers?[number] else { throw malformed("lacks buffer \(number)") }
    return address
  }

  /// Nil when there are no nulls.
  func validity() throws(SternaError) -> Bitmap? {
    guard array.null_count != 0, count > 0 else { return nil }
    guard array.buffers?[0] != nil else {
      guard array.null_count < 0 else {
        throw malformed("has \(array.null_count) nulls, and no buffer that says where")
      }
      return nil
    }
    guard let bits = try bitmap(buffer: 0), bits.setCount < count else { return nil }
    return bits
  }

  private func bitmap(buffer: Int) throws(SternaError) -> Bitmap? {
    guard count > 0 else { return nil }
    let start = try address(ofBuffer: buffer) + first / 8
    let shift = first % 8
    return Bitmap(bytes: owner.bytes(start, count: (shift + count + 7) / 8), bitOffset: shift, count: count)
  }

  // MARK: Errors

  func malformed(_ what: String) -> SternaError { Self.malformed(name, what) }

  static func malformed(_ name: String, _ what: String) -> SternaError {
    SternaError(
      .invalidArgument, "the Arrow array of column '\(name)' \(what)",
      advice: "Report this to the library that made the data: it breaks Arrow's C data interface.")
  }
}
