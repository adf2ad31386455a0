extension SternaError {
  /// Any error as a `SternaError`: itself, a cancellation, or a failed request with the cause kept.
  public init(wrapping error: any Error) {
    switch error {
    case let error as SternaError: self = error
    case is CancellationError: self.init(.cancelled, "the operation was cancelled")
    default: self.init(.requestFailed, "unexpected failure: \(error)", underlying: error)
    }
  }
}
