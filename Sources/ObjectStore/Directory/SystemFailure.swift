internal import SternaBase

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A system call's refusal: which call, on which path, with which `errno`.
struct SystemFailure: Error {
  let operation: String
  let path: String
  let code: Int32

  /// Calls until the answer is not "interrupted", and throws any other refusal.
  @discardableResult
  static func check<Answer: SignedInteger>(
    _ operation: String, _ path: String, _ call: () -> Answer
  ) throws(SystemFailure) -> Answer {
    while true {
      let answer = call()
      if answer != -1 { return answer }
      let code = errno
      if code != EINTR { throw SystemFailure(operation: operation, path: path, code: code) }
    }
  }

  /// Nothing has the path, or cannot because a part of it is a file.
  var isAbsence: Bool { code == ENOENT || code == ENOTDIR }

  /// What the store's caller is told.
  func error(key: String? = nil, mayHaveBeenApplied: Bool = false) -> SternaError {
    let text = strerror(code).map { String(cString: $0) } ?? "error \(code)"
    return SternaError(
      .fileSystem, "cannot \(operation) \(path): \(text.lowercased())", advice: advice, key: key,
      retry: code == EMFILE || code == ENFILE || code == EAGAIN ? .transient : .never,
      mayHaveBeenApplied: mayHaveBeenApplied)
  }

  private var advice: String? {
    switch code {
    case ENOSPC, EDQUOT: "Free some space on the disk, or raise the quota, and try again."
    case EACCES, EPERM, EROFS: "Check that this user may read and write the store's directory."
    case ENOTDIR: "Check the store's path: a part of it is a file, not a directory."
    case ENOENT: "Check that the store's directory exists."
    case EMFILE, ENFILE: "Raise the limit of open files (ulimit -n)."
    case EIO: "Check the disk: it reports an input/output error."
    default: nil
    }
  }
}
