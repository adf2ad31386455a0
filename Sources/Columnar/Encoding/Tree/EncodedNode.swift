package import SternaBase

/// The encoding tree of a column chunk: what its bytes mean.
///
///     descriptor   encoding u8 | byte count varint | parameters varint... | children, depth first
///     chunk        the node's own bytes | its children's bytes, depth first, nothing between
///
/// A zstd node's own bytes are its whole child, compressed: that child's bytes are not in the chunk itself.
///
/// - Invariant: as many parameters and children as the encoding has.
package struct EncodedNode: Hashable, Sendable {
  let encoding: Encoding
  /// How many bytes of the chunk are the node's own.
  let byteCount: Int
  let parameters: [UInt64]
  let children: [EncodedNode]

  init(_ encoding: Encoding, byteCount: Int = 0, parameters: [UInt64] = [], children: [EncodedNode] = []) {
    assert(parameters.count == encoding.parameterCount && children.count == encoding.childCount(parameters))
    self.encoding = encoding
    self.byteCount = byteCount
    self.parameters = parameters
    self.children = children
  }

  /// The bytes of the node and all below it.
  var totalByteCount: Int {
    encoding == .zstd ? byteCount : children.reduce(byteCount) { $0 + $1.totalByteCount }
  }
}

extension EncodedNode {
  /// What `write` takes, about: parameters and byte counts are varints.
  var descriptorByteCount: Int {
    let own = 1 + GrowableBytes.varintByteCount(UInt64(byteCount))
    let parameters = parameters.reduce(0) { $0 + GrowableBytes.varintByteCount($1) }
    return children.reduce(own + parameters) { $0 + $1.descriptorByteCount }
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(encoding.rawValue)
    writer.writeCount(byteCount)
    for parameter in parameters { writer.writeVarint(parameter) }
    for child in children { child.write(to: &writer) }
  }

  package init(reading reader: inout ByteReader) throws(SternaError) {
    var nodeCount = 0
    try self.init(reading: &reader, depth: 0, isCompressed: false, nodeCount: &nodeCount)
  }

  /// Nothing compressed is compressed again: that would only serve to blow up a reader's memory.
  private init(
    reading reader: inout ByteReader, depth: Int, isCompressed: Bool, nodeCount: inout Int
  ) throws(SternaError) {
    nodeCount += 1
    guard depth < SegmentLimits.encodingDepth, nodeCount <= SegmentLimits.encodingNodeCount else {
      throw reader.malformed("encodings nested too deeply or too often")
    }
    let code: UInt8 = try reader.read()
    guard let encoding = Encoding(rawValue: code) else {
      throw SternaError(
        .unsupportedFormat, "\(reader.subject) uses encoding \(code), which this version does not know",
        advice: "Read it with a newer version of Sterna.")
    }
    guard encoding != .zstd || !isCompressed else { throw reader.malformed("zstd within zstd") }
    let byteCount = try reader.readCount(atMost: SegmentLimits.byteCount)
    var parameters: [UInt64] = []
    for _ in 0..<encoding.parameterCount { parameters.append(try reader.readVarint()) }
    guard let childCount = encoding.childCount(parameters) else {
      throw reader.malformed("\(encoding.name) of \(parameters)")
    }
    var children: [EncodedNode] = []
    for _ in 0..<childCount {
      children.append(
        try EncodedNode(
          reading: &reader, depth: depth + 1, isCompressed: isCompressed || encoding == .zstd,
          nodeCount: &nodeCount))
    }
    self.init(encoding, byteCount: byteCount, parameters: parameters, children: children)
  }
}

extension EncodedNode: CustomStringConvertible {
  /// The tree on one line: `nullable(bitmap, decimal(delta, plain, plain))`.
  package var description: String {
    guard !children.isEmpty else { return encoding.name }
    return "\(encoding.name)(\(children.map(\.description).joined(separator: ", ")))"
  }
}
