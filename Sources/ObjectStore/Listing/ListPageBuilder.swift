package import SternaBase

/// The rules of a listing without its I/O: which keys a page takes, which it folds, where it goes on.
///
/// A store that can find its least key at or behind a place asks the builder where to look, offers what it
/// finds there, and repeats until the page is complete:
///
///     while let position = builder.position, let (key, ...) = leastKey(atOrBehind: position) {
///       builder.offer(key) { metadata of key }
///     }
///
/// A folded key moves the place behind *all* keys of its common prefix, so a store never visits them.
///
/// A continuation is the last key or common prefix of its page, with the meaning of `startAfter`. That is
/// enough: a key that is not folded never lies between a common prefix and that prefix's keys.
package struct ListPageBuilder {
  /// The most entries of a page, as on S3.
  static let pageSizeMax = 1_000

  private let prefix: KeyBytes
  private let delimiter: [UInt8]
  private let startAfter: KeyBytes?
  private let pageSize: Int

  /// The least key that can still matter; nil when the page is complete.
  package private(set) var position: KeyBytes?
  package private(set) var page = ListPage(entries: [])
  private var last: String?

  /// - Throws: `invalidArgument` when the page size is not positive.
  package init(_ request: ListRequest) throws(SternaError) {
    guard request.pageSize > 0 else {
      throw SternaError(.invalidArgument, "a page size of \(request.pageSize)")
    }
    self.prefix = KeyBytes(request.prefix)
    self.delimiter = Array((request.delimiter ?? "").utf8)
    self.pageSize = min(request.pageSize, Self.pageSizeMax)
    self.startAfter = (request.continuation ?? request.startAfter).map { KeyBytes($0) }
    self.position = max(prefix, startAfter?.next ?? prefix)
  }

  /// Takes the least key at or behind `position`; `metadata` is asked for only when the key itself is listed,
  /// and answers nil when the object has vanished meanwhile.
  package mutating func offer<Failure: Error>(
    _ key: KeyBytes, metadata: () throws(Failure) -> ObjectMetadata?
  ) throws(Failure) {
    guard key.hasPrefix(prefix) else {
      position = nil
      return
    }
    let common = commonPrefix(of: key)
    if let common, let startAfter, common <= startAfter {
      position = common.endOfPrefix
      return
    }
    guard page.entries.count + page.commonPrefixes.count < pageSize else {
      page.continuation = last
      position = nil
      return
    }
    if let common {
      page.commonPrefixes.append(common.text)
      last = common.text
      position = common.endOfPrefix
    } else {
      position = key.next
      guard let metadata = try metadata() else { return }
      let text = key.text
      page.entries.append(.init(key: text, byteCount: metadata.byteCount, tag: metadata.tag))
      last = text
    }
  }

  /// The key up to and with the first delimiter behind the listing's prefix.
  private func commonPrefix(of key: KeyBytes) -> KeyBytes? {
    guard !delimiter.isEmpty else { return nil }
    var start = prefix.bytes.count
    while start + delimiter.count <= key.bytes.count {
      if key.bytes[start..<(start + delimiter.count)].elementsEqual(delimiter) {
        return KeyBytes(Array(key.bytes[..<(start + delimiter.count)]))
      }
      start += 1
    }
    return nil
  }
}
