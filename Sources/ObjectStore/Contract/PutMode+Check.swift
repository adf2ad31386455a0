package import SternaBase

extension PutMode {
  /// Decides whether a put may take effect on an object that has the given tag, or does not exist (nil).
  /// - Throws: `preconditionFailed`.
  package func check(against present: ETag?, key: String) throws(SternaError) {
    switch self {
    case .overwrite:
      return
    case .create:
      guard present == nil else {
        throw SternaError(.preconditionFailed, "the object exists already", key: key)
      }
    case .ifMatch(let tag):
      guard let present else {
        throw SternaError(.preconditionFailed, "the object does not exist", key: key)
      }
      guard present == tag else {
        throw SternaError(.preconditionFailed, "the object has changed", key: key)
      }
    }
  }

  /// Whether the put depends on the object's state.
  package var isConditional: Bool { self != .overwrite }
}

extension SternaError {
  package static func objectNotFound(_ key: String) -> SternaError {
    SternaError(.objectNotFound, "no such object", key: key)
  }
}
