import SternaBase

/// Encodes one column into the bytes of one chunk and the tree that describes them.
struct ColumnEncoder {
  let options: EncodingOptions

  func encode(_ column: Column) throws(SternaError) -> (node: EncodedNode, bytes: Bytes) {
    var target = GrowableBytes()
    guard let validity = column.validity, validity.setCount < column.count else {
      let node = try values(of: column, into: &target)
      return (node, target.take())
    }
    let presence = BitmapEncoding.encode(validity, level: options.compressionLevel, into: &target)
    let present = try values(of: column, into: &target)
    return (EncodedNode(.nullable, children: [presence, present]), target.take())
  }

  private func values(of column: Column, into target: inout GrowableBytes) throws(SternaError)
    -> EncodedNode
  {
    switch column.storage {
    case .fixedWidth:
      let slots = WidenedSlots(column)
      return slots.numbers.withUnsafeBufferPointer { numbers in
        column.type == .float64
          ? doubles(numbers, into: &target)
          : NumberEncoder(options: options).encode(numbers, slotWidth: slots.slotWidth, into: &target)
      }
    case .bits(let bits): return self.bits(bits, column.validity, into: &target)
    case .dictionary(let codes, let texts):
      try requireUTF8(texts)
      let parts = DictionaryEncoding.parts(
        codes: codes, texts: texts, validity: column.validity, count: column.count)
      return DictionaryEncoding.encode(parts, options, into: &target)
    case .variable:
      if column.type == .utf8 {
        try requireUTF8(column)
        if let parts = DictionaryEncoding.worthwhileParts(of: column) {
          return DictionaryEncoding.encode(parts, options, into: &target)
        }
      }
      return VariableEncoding.encode(column, options, into: &target)
    }
  }

  /// The slots of null bools are false.
  private func bits(_ bits: Bitmap, _ validity: Bitmap?, into target: inout GrowableBytes) -> EncodedNode {
    guard let validity else {
      return BitmapEncoding.encode(bits, level: options.compressionLevel, into: &target)
    }
    var present = BitmapBuilder(reserving: bits.count)
    for start in stride(from: 0, to: bits.count, by: 64) {
      present.append(
        word: bits.word(at: start) & validity.word(at: start), bitCount: min(64, bits.count - start))
    }
    return BitmapEncoding.encode(present.take(), level: options.compressionLevel, into: &target)
  }

  /// Decimals where most doubles are, otherwise their bits as numbers.
  private func doubles(_ bits: UnsafeBufferPointer<Int64>, into target: inout GrowableBytes) -> EncodedNode
  {
    let numbers = NumberEncoder(options: options)
    let start = target.count
    guard let exponents = DecimalEncoding.exponents(for: bits) else {
      return numbers.encode(bits, slotWidth: 8, into: &target)
    }
    let decimals = DecimalEncoding.encode(bits, exponents)
    let node = DecimalEncoding.node(
      exponents, exceptionCount: decimals.exceptions.count,
      children: [
        numbers.encode(decimals.integers, slotWidth: 8, into: &target),
        numbers.encode(decimals.exceptionRows, slotWidth: 8, into: &target),
        numbers.encode(decimals.exceptions, slotWidth: 8, into: &target),
      ])
    let byteCount = target.count - start
    if byteCount < bits.count * 5 { return node }
    // The sample promised more than it kept: whichever is smaller.
    var other = GrowableBytes()
    let otherNode = numbers.encode(bits, slotWidth: 8, into: &other)
    guard other.count < byteCount else { return node }
    target.truncate(to: start)
    target.append(contentsOf: other.bytes)
    return otherNode
  }

  /// What a reader would refuse must not be written.
  private func requireUTF8(_ column: Column) throws(SternaError) {
    guard case .variable(let offsets, let data) = column.storage,
      !TextValidation.isValid(offsets: offsets, data: data)
    else { return }
    throw SternaError(
      .invalidArgument, "a text is not valid UTF-8",
      advice: "Decode the texts with their real character set, or store them as binary.")
  }
}
