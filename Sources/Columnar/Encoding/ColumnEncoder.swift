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
      let encoder = NumberEncoder(options: options, schemes: Self.schemes(for: column.type))
      return WidenedSlots.lend(column) {
        encoder.encode($0, slotWidth: column.type.byteWidth ?? 0, into: &target)
      }
    case .bits(let bits): return self.bits(bits, column.validity, into: &target)
    case .dictionary(let codes, let texts):
      try requireUTF8(texts)
      if column.type == .dictionary,
        let parts = DictionaryEncoding.parts(
          codes: codes, texts: texts, validity: column.validity, count: column.count)
      {
        return DictionaryEncoding.encode(parts, options, into: &target)
      }
      return TextEncoder(options: options).encode(column, into: &target)
    case .variable:
      if column.type == .utf8 { try requireUTF8(column) }
      return TextEncoder(options: options).encode(column, into: &target)
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

  static func schemes(for type: DataType) -> NumberSchemes {
    switch type {
    case .float64: .doubleBits
    case .float32: .floatBits
    default: .integers
    }
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
