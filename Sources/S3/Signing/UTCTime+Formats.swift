extension UTCTime {
  /// `20130524T000000Z`, the form of `x-amz-date`; its first eight characters are the day of a signing key.
  package var basicFormat: String {
    let (year, month, day) = date
    let (hour, minute, second) = time
    var text: [UInt8] = []
    text.reserveCapacity(16)
    Self.append(year, digitCount: 4, to: &text)
    for field in [month, day] { Self.append(field, digitCount: 2, to: &text) }
    text.append(UInt8(ascii: "T"))
    for field in [hour, minute, second] { Self.append(field, digitCount: 2, to: &text) }
    text.append(UInt8(ascii: "Z"))
    return String(decoding: text, as: UTF8.self)
  }

  private static func append(_ value: Int, digitCount: Int, to text: inout [UInt8]) {
    var divisor = digitCount == 4 ? 1000 : 10
    while divisor > 0 {
      text.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
      divisor /= 10
    }
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
    var rest = Substring(text)
    guard let year = Self.takeNumber(4, from: &rest), Self.take("-", from: &rest),
      let month = Self.takeNumber(2, from: &rest), Self.take("-", from: &rest),
      let day = Self.takeNumber(2, from: &rest), Self.take("T", from: &rest) || Self.take(" ", from: &rest),
      let hour = Self.takeNumber(2, from: &rest), Self.take(":", from: &rest),
      let minute = Self.takeNumber(2, from: &rest), Self.take(":", from: &rest),
      let second = Self.takeNumber(2, from: &rest)
    else { return nil }
    if Self.take(".", from: &rest) {
      guard Self.takeNumber(1, from: &rest) != nil else { return nil }
      while Self.takeNumber(1, from: &rest) != nil {}
    }
    guard let offset = Self.offsetSeconds(rest),
      let local = UTCTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    else { return nil }
    self.init(unixSeconds: local.unixSeconds - offset)
  }

  /// `Z`, `+HH:MM` or `-HHMM`.
  private static func offsetSeconds(_ text: Substring) -> Int64? {
    if text == "Z" || text == "z" { return 0 }
    var rest = text
    let isNegative = take("-", from: &rest)
    guard isNegative || take("+", from: &rest), let hours = takeNumber(2, from: &rest) else { return nil }
    _ = take(":", from: &rest)
    guard let minutes = takeNumber(2, from: &rest), rest.isEmpty, hours < 24, minutes < 60 else {
      return nil
    }
    return Int64(hours * 3600 + minutes * 60) * (isNegative ? -1 : 1)
  }

  private static func take(_ character: Character, from text: inout Substring) -> Bool {
    guard text.first == character else { return false }
    text.removeFirst()
    return true
  }

  private static func takeNumber(_ digitCount: Int, from text: inout Substring) -> Int? {
    let digits = text.prefix(digitCount)
    guard digits.count == digitCount, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    text.removeFirst(digitCount)
    return Int(digits)
  }
}
