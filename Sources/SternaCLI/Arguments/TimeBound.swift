import ArgumentParser
import Sterna
import SternaBase

/// An end of a range of time. A day stands for all of it: `--until 2013-10-07` has that day's last
/// nanosecond in it.
///
/// A time without a zone is compared with the index as it is stored, which for an index with a zone is UTC.
struct TimeBound: Hashable {
  var first: Timestamp
  var last: Timestamp

  init?(_ text: String) {
    guard let start = Timestamp(text) else { return nil }
    first = start
    last = start
    if Self.isDay(text) { last = start + .seconds(TimestampText.secondsPerDay) - .nanoseconds(1) }
  }

  private static func isDay(_ text: String) -> Bool {
    Array(text.utf8).withUnsafeBytes { DateText.parse($0) != nil }
  }
}

extension TimeBound: ExpressibleByArgument {
  init?(argument: String) { self.init(argument) }
}
