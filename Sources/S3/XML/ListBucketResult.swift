package import ObjectStore
package import SternaBase

/// The answer to ListObjectsV2.
package enum ListBucketResult {
  /// Reads one page. Keys and prefixes are decoded where the server says that it encoded them.
  package static func parse(_ body: Bytes) throws(SternaError) -> ListPage {
    var xml = try XMLScanner(body, subject: "listing")
    try xml.enterRoot("ListBucketResult")
    var entries: [(key: String, byteCount: Int, tag: ETag)] = []
    var prefixes: [String] = []
    var token: String?
    var isTruncated = false
    var isEncoded = false
    while let name = try xml.nextChild() {
      switch name {
      case "Contents": entries.append(try parseEntry(&xml))
      case "CommonPrefixes":
        while let name = try xml.nextChild() {
          if name == "Prefix" { prefixes.append(try xml.text()) } else { try xml.skip() }
        }
      case "NextContinuationToken": token = try xml.text()
      case "IsTruncated": isTruncated = try xml.text() == "true"
      // It may stand behind the keys that it is about, so decoding waits for the end.
      case "EncodingType": isEncoded = try xml.text() == "url"
      default: try xml.skip()
      }
    }
    try xml.finish()
    if token?.isEmpty ?? true { token = nil }
    if isTruncated && token == nil {
      // Taking this for the last page would lose keys silently.
      throw xml.malformed("more keys are announced, but no continuation token is given")
    }
    var page = ListPage(entries: [], continuation: isTruncated ? token : nil)
    for entry in entries {
      page.entries.append(
        ListPage.Entry(
          key: try decode(entry.key, isEncoded, xml), byteCount: entry.byteCount, tag: entry.tag))
    }
    for prefix in prefixes { page.commonPrefixes.append(try decode(prefix, isEncoded, xml)) }
    return page
  }

  private static func parseEntry(
    _ xml: inout XMLScanner
  ) throws(SternaError) -> (key: String, byteCount: Int, tag: ETag) {
    var key: String?
    var byteCount: Int?
    var tag = ""
    while let name = try xml.nextChild() {
      switch name {
      case "Key": key = try xml.text()
      case "Size": byteCount = Int(try xml.text())
      case "ETag": tag = try xml.text()
      default: try xml.skip()
      }
    }
    guard let key else { throw xml.malformed("object without a key") }
    guard let byteCount, byteCount >= 0 else { throw xml.malformed("object without a size") }
    return (key, byteCount, ETag(wire: tag))
  }

  /// With `encoding-type=url` servers encode as in a form: a plus is a space, a real plus is `%2B`.
  private static func decode(
    _ text: String, _ isEncoded: Bool, _ xml: XMLScanner
  ) throws(SternaError) -> String {
    guard isEncoded else { return text }
    let spaced = String(decoding: text.utf8.map { $0 == 0x2B ? 0x20 : $0 }, as: UTF8.self)
    guard let decoded = PercentEncoding.decode(spaced) else {
      throw xml.malformed("key is not percent-encoded")
    }
    return decoded
  }
}
