internal import SternaBase

extension UTCTime {
  /// `20130524T000000Z`, the form of `x-amz-date`; its first eight characters are the day of a signing key.
  package var basicFormat: String {
    TimestampText.format(unixSeconds, unitsPerSecond: 1, zoned: true).filter { $0 != "-" && $0 != ":" }
  }

  /// Reads a `Date` header: `Fri, 24 May 2013 00:00:00 GMT` (RFC 9110, the only form servers may send).
  package init?(httpDate text: String) {
    let fields = text.split(whereSeparator: { " :,".contains($0) })
    guard fields.count == 8, fields[7] == "GMT", let day = Int(fields[1]),
      let month = Self.monthNames.firstIndex(of: String(fields[2])), let year = Int(fields[3]),
      let hour = Int(fields[4]), let minute = Int(fields[5]), let second = Int(fields[6])
    else { return nil }
    self.init(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
  }

  private static let monthNames = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Reads `2013-05-24T00:00:00Z`, with or without a fraction, with `Z` or an offset: the form in which
  /// credential services say when credentials expire. The fraction is cut off.
  package init?(iso8601 text: String) {
    guard let parsed = TimestampText(parsing: text), parsed.hasZone else { return nil }
    self.init(unixSeconds: parsed.seconds)
  }
}
