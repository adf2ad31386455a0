/// What must change before a refused request can succeed; it is then sent once more.
package enum Mend: Hashable, Sendable {
  /// Nothing that Sterna can do.
  case none
  /// Move the clock that signs by this much: it is the server's time minus the time that was signed with.
  case clock(offsetSeconds: Int64)
  /// Fetch new credentials.
  case credentials
  /// Sign for this region and, on AWS, send it there. Checked: safe in a host name.
  case region(String)
}
