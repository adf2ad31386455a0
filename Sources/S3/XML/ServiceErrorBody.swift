package import SternaBase

/// The `<Error>` document: a service's own words on why it refused.
package struct ServiceErrorBody: Hashable, Sendable {
  /// `NoSuchKey`, `SlowDown`, ...
  package var code = ""
  package var message = ""
  /// The region that the bucket is in, where the answer is about that. Unchecked.
  package var region: String?
  package var requestID: String?

  package init(code: String, message: String = "", region: String? = nil, requestID: String? = nil) {
    self.code = code
    self.message = message
    self.region = region
    self.requestID = requestID
  }

  /// What is read of an error's body; more can only be an attack.
  package static let byteCountMax = 64 << 10

  /// Reads the body of a refusal, or nil when it is something else: a proxy's page, nothing, cut off.
  package init?(_ body: Bytes) {
    guard body.count <= Self.byteCountMax, var xml = try? XMLScanner(body, subject: "error"),
      let root = try? xml.enterRoot()
    else { return nil }
    switch root {
    case "Error":
      guard let error = try? ServiceErrorBody(children: &xml) else { return nil }
      self = error
    case "ErrorResponse":
      guard let error = try? ServiceErrorBody(wrapped: &xml) else { return nil }
      self = error
    default: return nil
    }
  }

  /// The security token service wraps its error:
  /// `<ErrorResponse><Error>...</Error><RequestId/></ErrorResponse>`.
  private init?(wrapped xml: inout XMLScanner) throws(SternaError) {
    var error: ServiceErrorBody?
    while let name = try xml.nextChild() {
      if name == "Error" { error = try ServiceErrorBody(children: &xml) } else { try xml.skip() }
    }
    guard let error else { return nil }
    self = error
  }

  /// Reads the children of an `<Error>` that has been entered.
  init(children xml: inout XMLScanner) throws(SternaError) {
    while let name = try xml.nextChild() {
      switch name {
      case "Code": code = try xml.text()
      case "Message": message = try xml.text()
      case "Region": region = try xml.text()
      case "RequestId": requestID = try xml.text()
      default: try xml.skip()
      }
    }
  }
}
