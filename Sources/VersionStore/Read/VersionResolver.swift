import SternaBase

/// Finds the version of a symbol that a selector means.
struct VersionResolver: Sendable {
  let state: RefState
  let history: HistoryReader

  /// - Throws: `versionNotFound`, `versionPruned`.
  func resolve(_ selector: VersionSelector) async throws -> (entry: VersionEntry, content: VersionContent) {
    let symbol = state.symbol
    let found: VersionEntry? =
      switch selector {
      case .latest: try await history.latestLive(atOrBefore: .max, of: state)
      case .time(let time): try await history.latestLive(atOrBefore: time, of: state)
      case .number(let number): try await entry(number)
      }
    guard let entry = found else {
      throw SternaError(
        .versionNotFound, "symbol '\(symbol)' has no version \(Self.describe(selector))",
        advice: "Its newest version is \(state.nextVersion &- 1); `sterna versions` lists all.")
    }
    guard let content = entry.content else {
      throw SternaError(
        .versionPruned, "version \(entry.number) of symbol '\(symbol)' was deleted",
        advice: "`sterna versions` lists the versions that can be read.")
    }
    return (entry, content)
  }

  private func entry(_ number: Int64) async throws -> VersionEntry? {
    let next = Int64(clamping: state.nextVersion)
    let absolute = number < 0 ? next &+ number : number
    guard absolute >= 0, absolute < next else { return nil }
    return try await history.entry(UInt64(absolute), of: state)
  }

  private static func describe(_ selector: VersionSelector) -> String {
    switch selector {
    case .latest: "that can be read"
    case .number(let number): "\(number)"
    case .time(let time):
      "committed at or before \(TimestampText.format(time, unitsPerSecond: 1_000_000_000, zoned: true))"
    }
  }
}
