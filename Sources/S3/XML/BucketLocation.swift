package import SternaBase

/// The answer to GetBucketLocation.
package enum BucketLocation {
  /// The bucket's region; the two historical spellings are made today's names.
  package static func parse(_ body: Bytes) throws(SternaError) -> String {
    var xml = try XMLScanner(body, subject: "answer to GetBucketLocation")
    try xml.enterRoot("LocationConstraint")
    let text = try xml.text()
    try xml.finish()
    switch text {
    case "": return "us-east-1"
    case "EU": return "eu-west-1"
    default:
      guard S3Region.isValid(text) else { throw xml.malformed("location is no region") }
      return text
    }
  }
}
