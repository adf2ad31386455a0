import VersionStore

/// Which version of a symbol to read.
public enum AsOf: Hashable, Sendable {
  case latest
  /// By number; negative ones count back from the newest, which is -1.
  case version(Int)
  /// The newest version that was committed at this time or before.
  case time(Timestamp)

  package var selector: VersionSelector {
    switch self {
    case .latest: .latest
    case .version(let number): .number(Int64(number))
    case .time(let time): .time(time.nanosecondsSinceEpoch)
    }
  }
}
