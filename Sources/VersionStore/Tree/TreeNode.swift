import SternaBase

/// A node of a tree of immutable blocks.
///
///     level 2   [summary child] [summary child]
///                  |
///     level 1   [summary child] [summary child] ...
///                  |
///     level 0   [item] [item] ...                      a leaf
///
///     bytes:  envelope   level   count   entries ...
///
/// A node's bytes are named by their hash, so nodes that an edit does not touch are shared by all versions.
package enum TreeNode<Content: TreeContent>: Sendable {
  case leaf([Content.Item])
  case inner(level: Int, [TreeChild<Content>])

  package static var formatVersion: UInt8 { 1 }
  /// Far above what a tree of any size that fits in a bucket needs; stops a hostile chain of nodes.
  package static var levelMax: Int { 32 }
  static var childCountMax: Int { 1 << 20 }

  var level: Int {
    switch self {
    case .leaf: 0
    case .inner(let level, _): level
    }
  }

  var count: Int {
    switch self {
    case .leaf(let items): items.count
    case .inner(_, let children): children.count
    }
  }

  var summary: Content.Summary {
    switch self {
    case .leaf(let items): Content.summary(of: items)
    case .inner(_, let children): Content.summary(merging: children.map(\.summary))
    }
  }

  func encode(pending: inout PendingBlocks) -> Bytes {
    var writer = Envelope.begin(Content.envelopeKind, version: Self.formatVersion)
    writer.write(UInt8(level))
    writer.writeCount(count)
    switch self {
    case .leaf(let items): Content.writeLeaf(items, to: &writer, pending: &pending)
    case .inner(_, let children):
      for child in children {
        child.pointer.write(to: &writer)
        Content.write(child.summary, to: &writer)
      }
    }
    return writer.finish()
  }

  /// Opens a node's bytes: a reader at its entries, the level and the number of entries.
  package static func open(
    _ bytes: Bytes, subject: String
  ) throws(SternaError) -> (reader: ByteReader, level: Int, count: Int) {
    var reader = try Envelope.open(bytes, Content.envelopeKind, version: formatVersion, subject: subject)
    let level = Int(try reader.read(UInt8.self))
    guard level <= levelMax else { throw reader.malformed("tree level \(level)") }
    let count = try reader.readCount(atMost: childCountMax)
    guard count > 0 else { throw reader.malformed("empty node") }
    return (reader, level, count)
  }

  /// Reads the children of an inner node.
  package static func readChildren(
    _ reader: inout ByteReader, count: Int
  ) throws(SternaError) -> [TreeChild<Content>] {
    var children: [TreeChild<Content>] = []
    for _ in 0..<count {
      let pointer = try BlockPointer(reading: &reader)
      children.append(TreeChild(pointer: pointer, summary: try Content.readSummary(from: &reader)))
    }
    try reader.expectEnd()
    guard Content.canSum(children.map(\.summary)) else { throw reader.malformed("sums over every limit") }
    return children
  }
}

/// An entry of an inner node.
package struct TreeChild<Content: TreeContent>: Sendable {
  package let pointer: BlockPointer
  package let summary: Content.Summary
}

/// Where a tree begins: nowhere, in the bytes of whoever holds it, or in a block.
package enum TreeRoot: Hashable, Sendable {
  case empty
  /// A node small enough to be kept where its pointer would be, which saves a reader a request.
  case inline(Bytes)
  case block(BlockPointer)

  /// The largest node kept inline.
  static let inlineByteCountMax = 2_048

  package static func == (left: TreeRoot, right: TreeRoot) -> Bool {
    switch (left, right) {
    case (.empty, .empty): true
    case (.inline(let left), .inline(let right)): left == right
    case (.block(let left), .block(let right)): left == right
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .empty: hasher.combine(0)
    case .inline(let bytes): hasher.combine(SHA256Digest(hashing: bytes))
    case .block(let pointer): hasher.combine(pointer)
    }
  }

  package func write(to writer: inout ByteWriter) {
    switch self {
    case .empty: writer.write(UInt8(0))
    case .inline(let bytes):
      writer.write(UInt8(1))
      writer.writeLengthPrefixed(bytes)
    case .block(let pointer):
      writer.write(UInt8(2))
      pointer.write(to: &writer)
    }
  }

  package init(reading reader: inout ByteReader) throws(SternaError) {
    switch try reader.read(UInt8.self) {
    case 0: self = .empty
    case 1: self = .inline(try reader.readLengthPrefixed())
    case 2: self = .block(try BlockPointer(reading: &reader))
    case let other: throw reader.malformed("root form \(other)")
    }
  }
}
