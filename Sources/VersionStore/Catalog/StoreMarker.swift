import SternaBase

/// `sterna.json`: says that a prefix of a bucket is a Sterna store, in which format, and how it is known
/// that its conditional writes can be relied on. Written once, when the first library is created.
///
///     {"format": 1, "conditionalWrites": "proven", "provenOn": "https://s3.example.com/ticks"}
package struct StoreMarker: Hashable, Sendable {
  package static let key = "sterna.json"
  package static let formatVersion: Int64 = 1

  /// Why several writers may, or may not, commit at once.
  package enum ConditionalWrites: String, Sendable {
    /// A race of real requests had one winner each time.
    case proven
    /// The store failed the race; its user vouches that there is one writer at a time.
    case singleWriter
  }

  package var conditionalWrites: ConditionalWrites
  /// Which endpoint was raced: another one in front of the same bucket may behave otherwise.
  package var provenOn: String

  package init(conditionalWrites: ConditionalWrites, provenOn: String) {
    self.conditionalWrites = conditionalWrites
    self.provenOn = provenOn
  }

  func encode() throws(SternaError) -> Bytes {
    let document: JSONValue = [
      "format": .int64(Self.formatVersion), "conditionalWrites": .string(conditionalWrites.rawValue),
      "provenOn": .string(provenOn),
    ]
    return Bytes(utf8: try document.serialized() + "\n")
  }

  init(decoding bytes: Bytes) throws(SternaError) {
    let document = try JSONValue(parsing: bytes, subject: Self.key)
    try StoreMarker.requireFormat(of: document, subject: Self.key)
    guard let text = document["conditionalWrites"]?.stringValue,
      let writes = ConditionalWrites(rawValue: text), let endpoint = document["provenOn"]?.stringValue
    else { throw SternaError(.corrupt, "the store marker lacks how its writes were proven", key: Self.key) }
    self.init(conditionalWrites: writes, provenOn: endpoint)
  }

  /// Refuses documents of a format that this build does not know.
  static func requireFormat(of document: JSONValue, subject: String) throws(SternaError) {
    guard let format = document["format"]?.int64Value else {
      throw SternaError(.corrupt, "\(subject) has no format number", key: subject)
    }
    guard format == formatVersion else {
      throw SternaError(
        .unsupportedFormat, "\(subject) has format \(format), this build reads \(formatVersion)",
        advice: "Use a newer release of Sterna to open this store.", key: subject)
    }
  }
}
