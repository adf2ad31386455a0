internal import SternaBase

/// Where an object's file lies below the root of a `DirectoryObjectStore`: an injective map of keys to paths.
///
///     key    ticks/refs/3f/SPY         a//b        a/        ..         <100 bytes>/x
///     path   ticks/refs/3f/SPY@        a/%/b@      a/%@      %2E.@      <80 bytes>+/<20 bytes>/x@
///
/// - A key is cut at `/`; each component becomes a folder, the last one a file, whose name ends in `@`: so `a`
///   and `a/b` can both be objects.
/// - Components are percent-encoded, so neither `@`, `+` nor a lone `%` come from a key. An empty one is `%`.
/// - A component of 80 bytes or more is cut: its first 80 bytes name a folder that ends in `+`, which holds the
///   rest (perhaps empty). So a name has at most 3 x 80 + 1 bytes, below every file system's 255.
/// - A leading dot is escaped: `.` and `..` are never folders, and names with a dot are the store's own.
///
/// The keys below a folder fill one interval of key order, and those of its siblings lie wholly before or behind
/// it, which is what lets `DirectoryWalk` list in order. It is why pieces are cut by bytes of the key (not of its
/// encoded form) and why a component of exactly 80 bytes is cut too: uncut, `x…x/…` would lie in the middle of
/// the keys of `x…x+`.
struct ObjectPath {
  /// The folders, outermost first.
  let folders: [String]
  let file: String

  static let pieceByteCount = 80
  static let objectMark = UInt8(ascii: "@")
  static let continuedMark = UInt8(ascii: "+")
  static let empty = "%"

  init(_ key: KeyBytes) {
    let (folders, rest) = Self.folders(ofPrefix: key)
    self.folders = folders
    self.file = Self.encode(rest) + "@"
  }

  /// Relative to the root.
  var path: String { (folders + [file]).joined(separator: "/") }
  var folder: String { Self.relative(folders[...]) }

  static func relative(_ folders: ArraySlice<String>) -> String {
    folders.isEmpty ? "." : folders.joined(separator: "/")
  }

  /// The folders that hold every key with the prefix, and what of the prefix they leave open.
  static func folders(ofPrefix prefix: KeyBytes) -> (folders: [String], rest: ArraySlice<UInt8>) {
    var folders: [String] = []
    var rest = prefix.bytes[...]
    while true {
      let piece = rest.prefix { $0 != UInt8(ascii: "/") }.prefix(pieceByteCount)
      if piece.count == pieceByteCount {
        folders.append(encode(piece) + "+")
        rest = rest.dropFirst(piece.count)
      } else if piece.count < rest.count {
        folders.append(encode(piece))
        rest = rest.dropFirst(piece.count + 1)
      } else {
        return (folders, rest)
      }
    }
  }

  static func encode(_ piece: ArraySlice<UInt8>) -> String {
    if piece.isEmpty { return empty }
    let encoded = PercentEncoding.encode(bytes: piece, keeping: .name)
    return encoded.hasPrefix(".") ? "%2E" + encoded.dropFirst() : encoded
  }
}
