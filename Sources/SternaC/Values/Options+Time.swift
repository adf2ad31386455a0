import Sterna
import SternaBase

extension Options {
  /// Two instants under the name `time`, in any order; null is an open end.
  mutating func instants() throws(SternaError) -> (first: Timestamp, last: Timestamp)? {
    try take("time", "a list of two instants, each nanoseconds, [seconds, nanoseconds] or null") { value in
      guard let ends = value.arrayValue, ends.count == 2,
        let first = ends[0] == .null ? .distantPast : Timestamp(ends[0]),
        let last = ends[1] == .null ? .distantFuture : Timestamp(ends[1])
      else { return nil }
      return (first, last)
    }
  }

  /// A closed range of instants under the name `time`.
  mutating func time() throws(SternaError) -> ClosedRange<Timestamp>? {
    guard let (first, last) = try instants() else { return nil }
    guard first <= last else {
      throw SternaError(
        .invalidArgument, "the range of time ends before it starts",
        advice: "Give the earlier instant first.")
    }
    return first...last
  }
}

extension Timestamp {
  /// As C callers write it: nanoseconds since 1970, or whole seconds and nanoseconds for what these do not
  /// reach.
  init?(_ value: JSONValue) {
    if let nanoseconds = value.int64Value {
      self.init(nanosecondsSinceEpoch: nanoseconds)
    } else if let parts = value.arrayValue, parts.count == 2, let seconds = parts[0].int64Value,
      let nanosecond = parts[1].int64Value, (0..<1_000_000_000).contains(nanosecond)
    {
      self.init(secondsSinceEpoch: seconds, nanosecondOfSecond: nanosecond)
    } else {
      return nil
    }
  }
}
