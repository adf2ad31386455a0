internal import SternaBase

/// One name in a folder of a `DirectoryObjectStore`, and which keys it stands for.
struct FolderEntry {
  let name: String
  let isObject: Bool
  /// An object's key; the first bytes of all keys below a folder.
  let keys: KeyBytes

  /// Understands a name that `ObjectPath` made, in a folder whose keys begin with `base`; nil for any
  /// other: the store's own names, and what something else put there.
  init?(name: String, base: KeyBytes) {
    guard let last = name.utf8.last, name.utf8.first != UInt8(ascii: ".") else { return nil }
    let isMarked = last == ObjectPath.objectMark || last == ObjectPath.continuedMark
    let encoded = isMarked ? name.dropLast() : name[...]
    guard let piece = Self.decode(encoded), ObjectPath.encode(piece[...]) == encoded else { return nil }
    guard !piece.contains(UInt8(ascii: "/")), piece.count <= ObjectPath.pieceByteCount else { return nil }
    // Exactly the names of cut components are marked as such.
    let isCut = piece.count == ObjectPath.pieceByteCount
    guard isCut == (last == ObjectPath.continuedMark) else { return nil }
    self.name = name
    self.isObject = last == ObjectPath.objectMark
    self.keys = KeyBytes(base.bytes + piece + (isMarked ? [] : [UInt8(ascii: "/")]))
  }

  private static func decode(_ encoded: Substring) -> [UInt8]? {
    encoded == ObjectPath.empty ? [] : PercentEncoding.decodeBytes(encoded)
  }

  /// The least place behind all keys of the entry.
  var end: KeyBytes { isObject ? keys.next : keys.endOfPrefix ?? keys.next }
}
