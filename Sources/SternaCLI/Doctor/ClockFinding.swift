/// What an offset between two clocks means.
struct ClockFinding: Hashable {
  /// The server's clock minus ours.
  let offsetSeconds: Int64

  /// S3 refuses signatures that are further off.
  private static let toleratedSeconds: Int64 = 15 * 60
  /// A server's `Date` is exact to a second, and an answer takes time: less is no offset.
  private static let noticedSeconds: Int64 = 5

  var check: Check {
    let size = offsetSeconds.magnitude
    guard size >= Self.noticedSeconds else { return Check("clock", .ok, "agrees with the server's") }
    let detail = "this machine is \(size) s \(offsetSeconds > 0 ? "behind" : "ahead of") the server"
    let consequence =
      size >= Self.toleratedSeconds
      ? "Every process has to find the offset out by a refused request first"
      : "Times of versions will be off"
    return Check(
      "clock", .warn, detail, advice: "\(consequence): synchronise the clock, for example with chrony.")
  }
}
