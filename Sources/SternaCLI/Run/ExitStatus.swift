import Sterna

/// How the program ends, told apart only where a script would act differently. Thrown, it ends a command
/// that has said everything already.
enum ExitStatus: Int32, Error, Hashable, CaseIterable {
  case success = 0
  /// The command worked and found something wrong: data that does not fit, a check that failed.
  case problemsFound = 1
  case usage = 2
  case notFound = 3
  case conflict = 4
  case credentials = 5
  case unavailable = 6
  case corrupt = 7
  case unsupportedStore = 8
  /// 128 and the number of SIGINT, as shells have it.
  case interrupted = 130
}

extension ExitStatus {
  /// The status of a command that failed with an error of this code.
  init(_ code: SternaError.Code) {
    self =
      switch code {
      case .invalidArgument, .unsupported, .wrongRegion: .usage
      case .libraryNotFound, .symbolNotFound, .versionNotFound, .versionPruned, .snapshotNotFound,
        .stagedPieceNotFound,
        .objectNotFound, .bucketNotFound:
        .notFound
      case .alreadyExists, .conflict, .commitStateUnknown, .preconditionFailed, .conditionalRequestConflict:
        .conflict
      case .credentials, .accessDenied, .clockSkew: .credentials
      case .unavailable, .requestFailed: .unavailable
      case .corrupt: .corrupt
      case .unsupportedStore, .unsupportedFormat: .unsupportedStore
      case .cancelled: .interrupted
      // schemaMismatch, unsortedIndex, fileSystem, resourceLimit, and codes that are still to come.
      default: .problemsFound
      }
  }
}
