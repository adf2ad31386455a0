internal import SternaBase

/// What is learnt about a server while talking to it, so that each lesson costs one request.
struct S3ServerState: Sendable {
  /// Carries the region, which an answer may correct, and the signing keys of the day.
  var signer: SigV4Signer
  /// What is added to the local clock when signing: the server's clock decides whether a signature is
  /// fresh.
  var clockOffsetSeconds: Int64 = 0
  /// Nil until a condition held in one of the forms.
  var eTagForm: ETagForm?
  /// Set once the server has said that it has no DeleteObjects.
  var deletesOneByOne = false
  /// Set once the server has said that it has no CopyObject.
  var cannotCopy = false
  /// The last `Date` header, with the local time at which it came.
  private var lastDate: (text: String, localUnixSeconds: Int64)?

  init(signer: SigV4Signer) { self.signer = signer }

  mutating func note(date text: String, localUnixSeconds: Int64) { lastDate = (text, localUnixSeconds) }

  /// The server's clock minus the local one, by its last answer; nil before the first. Exact to a second or
  /// two.
  var serverClockOffsetSeconds: Int64? {
    guard let lastDate, let date = UTCTime(httpDate: lastDate.text) else { return nil }
    return date.unixSeconds - lastDate.localUnixSeconds
  }
}

/// How a server wants an entity tag in `If-Match`.
package enum ETagForm: String, Hashable, Sendable, CaseIterable {
  /// `"d41d8"`: RFC 9110, and AWS.
  case quoted
  /// `d41d8`: Ceph RGW 16 compares the header with the tag's characters, so that quotes never match.
  case bare
}
