import SternaBase

/// The pause before a conditional write is tried or settled again: with full jitter, so that n writers in
/// step fall out of step.
struct ConflictPause: Sendable {
  let environment: Environment

  private static let nanosecondsBase: Int64 = 5_000_000
  private static let nanosecondsMax: Int64 = 2_000_000_000

  /// - Parameter round: which pause of the operation this is, from 1.
  func wait(round: Int) async {
    let ceiling = min(Self.nanosecondsMax, Self.nanosecondsBase << Int64(min(round, 16)))
    let nanoseconds = environment.random(below: ceiling)
    let environment = environment
    // A pause that is cut short by cancellation only makes the next request come earlier.
    await Task { try? await environment.sleep(nanoseconds) }.value
  }
}
