internal import Synchronization

/// Where a task's cancellation, which comes on any thread and at any time, finds the transfer to abort.
final class PendingTransfer: Sendable {
  private enum State {
    case notStarted
    case started(CurlTransfer)
    case cancelled
  }

  enum Verdict {
    case goesOn
    case cancelled
  }

  private let state = Mutex(State.notStarted)

  /// - Returns: `.cancelled` when the cancellation came first; the transfer is then not started at all.
  func set(_ transfer: CurlTransfer) -> Verdict {
    state.withLock { state in
      if case .cancelled = state { return .cancelled }
      state = .started(transfer)
      return .goesOn
    }
  }

  /// - Returns: the transfer to abort, when there is one already.
  func cancel() -> CurlTransfer? {
    state.withLock { state in
      defer { state = .cancelled }
      guard case .started(let transfer) = state else { return nil }
      return transfer
    }
  }
}
