import SternaBase

/// Where a store is, read from its URI.
///
///     s3://bucket/prefix      a bucket
///     file:///path, ./path    a folder
///     memory://name           this process's memory, for tests
enum StoreLocation: Hashable, Sendable {
  case bucket(uri: String)
  case folder(path: String)
  case memory(name: String)

  init(_ uri: String) throws(SternaError) {
    guard !uri.isEmpty else {
      throw SternaError(.invalidArgument, "the store's address is empty", advice: Self.forms)
    }
    guard let separator = uri.range(ofFirst: "://") else {
      self = .folder(path: uri)
      return
    }
    let scheme = uri[..<separator.lowerBound]
    let rest = String(uri[separator.upperBound...])
    switch scheme {
    case "s3", "s3s": self = .bucket(uri: uri)
    case "file":
      guard rest.hasPrefix("/") else {
        throw SternaError(
          .invalidArgument, "'\(uri)' names a folder on another machine",
          advice: "Write three slashes, as in file:///data/store, or a plain path.")
      }
      guard let path = PercentEncoding.decode(rest) else {
        throw SternaError(.invalidArgument, "'\(uri)' has a broken percent escape")
      }
      self = .folder(path: path)
    case "memory": self = .memory(name: rest)
    default:
      throw SternaError(
        .invalidArgument, "'\(scheme)' is not a kind of store", advice: Self.forms)
    }
  }

  private static let forms =
    "Use s3://bucket/prefix, file:///path, a plain path, or memory://name."
}

extension String {
  fileprivate func range(ofFirst pattern: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(pattern) { return start..<index(start, offsetBy: pattern.count) }
      start = index(after: start)
    }
    return nil
  }
}
