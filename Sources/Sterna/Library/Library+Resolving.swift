import SternaBase
import VersionStore

/// What became of a commit whose outcome was unknown.
public enum CommitOutcome: Hashable, Sendable {
  case committed(VersionInfo)
  /// It did not happen, and never will: the rows can be written again.
  case notCommitted
  /// What could tell is gone. Look at the data.
  case unknown
}

extension Library {
  /// Settles a commit that ended with the error `commitStateUnknown`, from any process.
  ///
  ///     catch let error where error.code == .commitStateUnknown {
  ///       let outcome = try await library.resolve(error.commitToken ?? "")
  ///     }
  ///
  /// A commit that did not happen yet is shut out, so that the answer stays true.
  ///
  /// - Parameter token: of the error; short text without secrets. The operation that it is of must be over.
  public func resolve(_ token: String) async throws(SternaError) -> CommitOutcome {
    try await reporting {
      let token = try CommitToken(text: token)
      return switch try await symbols.resolve(token) {
      case .committed(let entry): .committed(VersionInfo(symbol: token.symbol, entry))
      case .notCommitted: .notCommitted
      case .unknown: .unknown
      }
    }
  }
}
