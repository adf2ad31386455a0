import SternaBase

/// Decodes the bytes of one chunk by the tree that describes them. Neither is trusted.
enum ColumnDecoder {
  /// - Precondition: `count` is at most `SegmentLimits.rowCount`.
  static func decode(
    _ node: EncodedNode, _ bytes: Bytes, type: DataType, count: Int
  ) throws(SternaError) -> Column {
    var payload = ByteReader(bytes, subject: "column chunk")
    let (values, validity) = try split(node, &payload, count: count)
    let storage = try storage(of: values, &payload, type: type, count: count, validity: validity)
    try payload.expectEnd()
    return Column(type: type, count: count, storage: storage, validity: validity)
  }

  /// Decodes the slots of a fixed-width column into their final place and returns which are present.
  /// - Precondition: `slots` holds `count` slots of `type`, aligned to them.
  static func decodeSlots(
    _ node: EncodedNode, _ bytes: Bytes, type: DataType, count: Int,
    into slots: UnsafeMutableRawBufferPointer
  ) throws(SternaError) -> Bitmap? {
    var payload = ByteReader(bytes, subject: "column chunk")
    let (values, validity) = try split(node, &payload, count: count)
    try fill(slots, type: type, values, &payload)
    try payload.expectEnd()
    return validity
  }

  /// Decodes the texts of a utf8 or binary column as far as their size, and which rows are present.
  static func decodeTexts(
    _ node: EncodedNode, _ bytes: Bytes, type: DataType, count: Int
  ) throws(SternaError) -> (texts: any TextSource, validity: Bitmap?) {
    var payload = ByteReader(bytes, subject: "column chunk")
    let (values, validity) = try split(node, &payload, count: count)
    let texts = try texts(of: values, &payload, type: type, count: count, validity: validity)
    try payload.expectEnd()
    return (texts, validity)
  }

  private static func texts(
    of node: EncodedNode, _ payload: inout ByteReader, type: DataType, count: Int, validity: Bitmap?
  ) throws(SternaError) -> any TextSource {
    guard type == .utf8, node.encoding == .dictionary else {
      return try VariableEncoding.decode(node, &payload, count: count, isText: type == .utf8)
    }
    let (codes, texts) = try DictionaryEncoding.decode(node, &payload, count: count, validity: validity)
    return try DictionaryTexts(codes: codes, texts: texts)
  }

  /// Decodes the codes of a dictionary-encoded text column to their final place.
  /// - Returns: the texts that the codes stand for, and which rows are present.
  static func decodeCodes(
    _ node: EncodedNode, _ bytes: Bytes, into codes: UnsafeMutableBufferPointer<UInt32>
  ) throws(SternaError) -> (texts: Column, validity: Bitmap?) {
    var payload = ByteReader(bytes, subject: "column chunk")
    let (values, validity) = try split(node, &payload, count: codes.count)
    guard values.encoding == .dictionary else { throw .malformedChunk("no dictionary") }
    let texts = try DictionaryEncoding.decode(values, &payload, codes: codes, validity: validity)
    try payload.expectEnd()
    return (texts, validity)
  }

  /// Takes the validity off; nil when no row is null.
  private static func split(
    _ node: EncodedNode, _ payload: inout ByteReader, count: Int
  ) throws(SternaError) -> (values: EncodedNode, validity: Bitmap?) {
    guard node.encoding == .nullable else { return (node, nil) }
    guard node.byteCount == 0 else { throw .malformedChunk("validity with bytes of its own") }
    let validity = try BitmapEncoding.decode(node.children[0], &payload, count: count)
    return (node.children[1], validity.setCount == count ? nil : validity)
  }

  private static func storage(
    of node: EncodedNode, _ payload: inout ByteReader, type: DataType, count: Int, validity: Bitmap?
  ) throws(SternaError) -> ColumnStorage {
    switch type {
    case .bool: return .bits(try BitmapEncoding.decode(node, &payload, count: count))
    case .dictionary:
      guard node.encoding == .dictionary else { throw .malformedChunk("no dictionary") }
      let (codes, texts) = try DictionaryEncoding.decode(node, &payload, count: count, validity: validity)
      return .dictionary(codes: codes, values: texts)
    case .utf8, .binary:
      let (offsets, data) = try texts(of: node, &payload, type: type, count: count, validity: validity)
        .storage()
      return .variable(offsets: offsets, data: data)
    default:
      let storage = try ByteStorage(untrustedCount: count * (type.byteWidth ?? 0))
      try fill(storage.mutableBytes, type: type, node, &payload)
      return .fixedWidth(Bytes(storage))
    }
  }

  private static func fill(
    _ slots: UnsafeMutableRawBufferPointer, type: DataType, _ node: EncodedNode, _ payload: inout ByteReader
  ) throws(SternaError) {
    switch type.byteWidth {
    case 1: try NumberDecoder.decode(node, &payload, into: slots.assumingMemoryBound(to: UInt8.self))
    case 2: try NumberDecoder.decode(node, &payload, into: slots.assumingMemoryBound(to: UInt16.self))
    case 4: try NumberDecoder.decode(node, &payload, into: slots.assumingMemoryBound(to: UInt32.self))
    default: try NumberDecoder.decode(node, &payload, into: slots.assumingMemoryBound(to: UInt64.self))
    }
  }
}
