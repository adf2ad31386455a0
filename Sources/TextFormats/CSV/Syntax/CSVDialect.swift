/// How a file separates its fields. Lines end in LF or CRLF; quotes are `"` and doubled inside (RFC 4180).
package struct CSVDialect: Hashable, Sendable {
  package var delimiter: UInt8

  static let quote = UInt8(ascii: "\"")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")

  /// - Precondition: `isPossible(delimiter:)`.
  package init(delimiter: UInt8 = UInt8(ascii: ",")) {
    precondition(Self.isPossible(delimiter: delimiter))
    self.delimiter = delimiter
  }

  /// A delimiter is one ASCII character that has no other role. NUL is none: it stands for "no byte".
  package static func isPossible(delimiter: UInt8) -> Bool {
    (1..<128).contains(delimiter) && delimiter != quote && delimiter != lineFeed
      && delimiter != carriageReturn
  }
}
