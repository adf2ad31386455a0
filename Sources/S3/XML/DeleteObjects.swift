package import SternaBase

/// DeleteObjects: up to 1,000 keys in one request.
package enum DeleteObjects {
  package static let keyCountMax = 1_000

  /// Whether a key can stand in the request's XML; others are deleted one by one.
  package static func canName(_ key: String) -> Bool { XMLText.canSay(key) }

  /// The request's body. Not quiet: only a key that the answer names as deleted counts as deleted.
  package static func body(deleting keys: [String]) -> Bytes {
    assert(keys.count <= keyCountMax && keys.allSatisfy(canName))
    var text = "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
    for key in keys { text += "<Object><Key>\(XMLText.escape(key))</Key></Object>" }
    return Bytes(utf8: text + "<Quiet>false</Quiet></Delete>")
  }

  /// The answer: what became of each key. A key that is in neither list was not dealt with.
  package struct Result: Hashable, Sendable {
    package struct Failure: Hashable, Sendable {
      package var key: String
      package var providerCode: String
      package var message: String
    }

    package var deleted: [String] = []
    package var failures: [Failure] = []
  }

  package static func parse(_ body: Bytes) throws(SternaError) -> Result {
    var xml = try XMLScanner(body, subject: "answer to DeleteObjects")
    try xml.enterRoot("DeleteResult")
    var result = Result()
    while let name = try xml.nextChild() {
      switch name {
      case "Deleted":
        guard let key = try parseItem(&xml)["Key"] else { throw xml.malformed("<Deleted> without a key") }
        result.deleted.append(key)
      case "Error":
        let fields = try parseItem(&xml)
        guard let key = fields["Key"] else { throw xml.malformed("<Error> without a key") }
        result.failures.append(
          Result.Failure(key: key, providerCode: fields["Code"] ?? "", message: fields["Message"] ?? ""))
      default: try xml.skip()
      }
    }
    try xml.finish()
    return result
  }

  private static func parseItem(_ xml: inout XMLScanner) throws(SternaError) -> [String: String] {
    var fields: [String: String] = [:]
    while let name = try xml.nextChild() {
      switch name {
      case "Key", "Code", "Message": fields[name] = try xml.text()
      default: try xml.skip()
      }
    }
    return fields
  }
}
