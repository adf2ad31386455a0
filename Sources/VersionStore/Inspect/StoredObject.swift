import Columnar
import SternaBase

/// Any one object of a store, parsed from its bytes alone: what `sterna inspect STORE KEY` prints.
///
/// Everything that an object says of itself is checked: its name where that is its hash, else the hash at
/// its end. What other objects say of it is `SymbolVerifier`'s.
package enum StoredObject: Sendable {
  /// The store marker, or a library's own object.
  case document(JSONValue)
  case ref(RefState)
  case snapshot(SnapshotHead, metadata: JSONValue?, members: [SnapshotMember])
  case segment(Segment)
  case indexInner(level: Int, [TreeChild<IndexContent>])
  case indexLeaf(IndexContent.Leaf)
  /// The chunk descriptors of each slice of a leaf, for one column group.
  case indexDetail(group: Int, slices: [[ColumnChunk]])
  case historyInner(level: Int, [TreeChild<HistoryContent>])
  case historyLeaf([VersionEntry])
  case schema(Schema)
  /// What a user attached to a version.
  case metadata(JSONValue)

  /// - Throws: `corrupt`, `unsupportedFormat`.
  package init(_ bytes: Bytes, at key: ObjectKey) throws(SternaError) {
    do throws(SternaError) {
      switch key.kind {
      case .storeMarker, .library: self = .document(try JSONValue(parsing: bytes, subject: key.text))
      case .ref: self = .ref(try Self.ref(bytes, key))
      case .snapshot: self = try Self.snapshot(bytes, subject: key.text)
      case .block(let name): self = try Self.block(bytes, name, subject: key.text)
      }
    } catch { throw error.with { $0.key = key.text } }
  }

  private static func ref(_ bytes: Bytes, _ key: ObjectKey) throws(SternaError) -> RefState {
    let symbol = try ObjectName(try RefState.symbolName(in: bytes), subject: "symbol")
    guard key.text.hasSuffix("/" + LibraryKeys.ref(of: symbol)) else {
      throw SternaError(.corrupt, "the ref of symbol '\(symbol.text)' lies under another symbol's key")
    }
    return try RefState(decoding: bytes, symbol: symbol)
  }

  private static func snapshot(_ bytes: Bytes, subject: String) throws(SternaError) -> StoredObject {
    let head = try SnapshotHead(decoding: bytes, subject: subject)
    guard head.objectByteCount == bytes.count else {
      throw SternaError(.corrupt, "\(bytes.count) bytes, and its head says \(head.objectByteCount)")
    }
    func part(_ name: SnapshotHead.PartName) throws(SternaError) -> Bytes {
      let part = bytes[head.range(of: name)]
      guard head.isIntact(part, name) else {
        throw SternaError(.corrupt, "part \(name) does not match its hash")
      }
      return part
    }
    let metadata = try part(.metadata)
    var members: [SnapshotMember] = []
    for position in head.pages.indices {
      members += try SnapshotPage.decode(try part(.page(position)), subject: subject)
    }
    return .snapshot(
      head, metadata: metadata.isEmpty ? nil : try JSONValue(parsing: metadata, subject: subject),
      members: members)
  }

  private static func block(
    _ bytes: Bytes, _ name: BlockName, subject: String
  ) throws(SternaError) -> StoredObject {
    guard SHA256Digest(hashing: bytes) == name.digest else {
      throw SternaError(.corrupt, "its bytes do not match the hash that names it")
    }
    switch name.kind {
    case .segment: return .segment(try Segment(parsing: bytes, subject: subject))
    case .node: return try indexNode(bytes, subject: subject)
    case .history:
      var (reader, level, count) = try TreeNode<HistoryContent>.open(bytes, subject: subject)
      return level == 0
        ? .historyLeaf(try HistoryContent.readLeaf(&reader, count: count))
        : .historyInner(
          level: level, try TreeNode<HistoryContent>.readChildren(&reader, count: count))
    case .metadata:
      if let value = try? JSONValue(parsing: bytes, subject: subject) { return .metadata(value) }
      return .schema(try Schema(encoded: bytes))
    }
  }

  private static func indexNode(_ bytes: Bytes, subject: String) throws(SternaError) -> StoredObject {
    if Envelope.kind(of: bytes) == .indexDetail {
      let detail = try IndexDetail(decoding: bytes, subject: subject)
      var slices: [[ColumnChunk]] = []
      for slice in detail.slices { slices.append(try SegmentDetail.decode(slice, subject: subject)) }
      return .indexDetail(group: detail.group, slices: slices)
    }
    var (reader, level, count) = try TreeNode<IndexContent>.open(bytes, subject: subject)
    return level == 0
      ? .indexLeaf(try IndexContent.readLeaf(&reader, count: count))
      : .indexInner(level: level, try TreeNode<IndexContent>.readChildren(&reader, count: count))
  }
}
