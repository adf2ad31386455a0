import SternaBase

/// Builds one column value by value, straight into the memory that becomes its buffers.
///
///     let prices = ColumnBuilder(.float64)
///     prices.append(167.41)
///     prices.appendNull()
///     let column = prices.finish()
///
/// A reference type so that a reader of rows can keep an array of builders. Not for use by two tasks at
/// once. Its properties are exempt from run-time checks of exclusive access, which took a quarter of the
/// time of a CSV import: no method calls out while it changes one.
package final class ColumnBuilder {
  package let type: DataType
  @exclusivity(unchecked) package private(set) var count = 0
  private let width: Int
  /// Slots of fixed width, codes of a dictionary, or the offsets of variable-width values.
  @exclusivity(unchecked) private var slots: GrowableBytes
  @exclusivity(unchecked) private var data = GrowableBytes()
  @exclusivity(unchecked) private var bits = BitmapBuilder()
  @exclusivity(unchecked) private var interner = TextInterner()
  @exclusivity(unchecked) private var validity = BitmapBuilder()
  /// False until the first null: a column without nulls has no validity to write.
  @exclusivity(unchecked) private var hasNulls = false

  package init(_ type: DataType, reserving capacity: Int = 0) {
    self.type = type
    self.width = type.byteWidth ?? 0
    switch type {
    case .utf8, .binary:
      slots = GrowableBytes(reserving: (capacity + 1) * MemoryLayout<Int64>.size)
      slots.append(Int64(0))
    default: slots = GrowableBytes(reserving: capacity * width)
    }
  }

  /// Appends to a column of integers, timestamps, durations or dates; the value must fit the type.
  @inline(__always)
  package func append(_ value: Int64) {
    switch width {
    case 8: slots.append(value)
    case 4: slots.append(Int32(truncatingIfNeeded: value))
    case 2: slots.append(Int16(truncatingIfNeeded: value))
    default: slots.append(Int8(truncatingIfNeeded: value))
    }
    added(true)
  }

  /// Appends to a column of unsigned integers; the value must fit the type.
  package func append(_ value: UInt64) { append(Int64(bitPattern: value)) }

  /// Appends to a column of doubles, or rounds into one of floats.
  @inline(__always)
  package func append(_ value: Double) {
    if width == 8 { slots.append(value) } else { slots.append(Float(value)) }
    added(true)
  }

  package func append(_ value: Float) {
    if width == 4 { slots.append(value) } else { slots.append(Double(value)) }
    added(true)
  }

  package func append(_ value: Bool) {
    bits.append(value)
    added(true)
  }

  /// Appends the bytes of a text to a utf8 or dictionary column, or any bytes to a binary one.
  /// - Precondition: a text is valid UTF-8; the segment encoder refuses a column with others.
  package func append(utf8 bytes: UnsafeRawBufferPointer) {
    if type == .dictionary {
      slots.append(interner.code(for: bytes))
    } else {
      data.append(contentsOf: bytes)
      slots.append(Int64(data.count))
    }
    added(true)
  }

  package func append(_ text: String) {
    var text = text
    text.withUTF8 { append(utf8: UnsafeRawBufferPointer($0)) }
  }

  package func appendNull() {
    if !hasNulls {
      hasNulls = true
      validity.append(repeating: true, count: count)
    }
    switch type {
    case .bool: bits.append(false)
    case .utf8, .binary: slots.append(Int64(data.count))
    default: slots.appendZeros(width)
    }
    added(false)
  }

  /// The values so far as a column; the builder starts again with none.
  package func finish() -> Column {
    defer {
      count = 0
      hasNulls = false
      if type.byteWidth == nil, type != .bool { slots.append(Int64(0)) }
    }
    let storage: ColumnStorage
    switch type {
    case .bool: storage = .bits(bits.take())
    case .utf8, .binary: storage = .variable(offsets: slots.take(), data: data.take())
    case .dictionary: storage = .dictionary(codes: slots.take(), values: interner.take())
    default: storage = .fixedWidth(slots.take())
    }
    return Column(type: type, count: count, storage: storage, validity: hasNulls ? validity.take() : nil)
  }

  @inline(__always)
  private func added(_ isPresent: Bool) {
    count += 1
    if hasNulls { validity.append(isPresent) }
  }
}

extension ColumnBuilder {
  /// Appends a value of the kind that `Column.value(at:)` returns for this type.
  package func append(_ value: Value) {
    switch value {
    case .null: appendNull()
    case .integer(let value), .timestamp(let value, _), .duration(let value, _): append(value)
    case .unsigned(let value): append(value)
    case .date(let value): append(Int64(value))
    case .float32(let value): append(value)
    case .float64(let value): append(value)
    case .bool(let value): append(value)
    case .text(let value): append(value)
    case .binary(let value): value.withUnsafeBytes { append(utf8: $0) }
    }
  }
}
