package import SternaBase

extension GetRange {
  /// The bytes that the range names in an object of the given size.
  /// - Throws: `invalidArgument` when the range is empty, or starts at or behind the object's end.
  package func resolve(objectByteCount: Int) throws(SternaError) -> Range<Int> {
    switch self {
    case .whole:
      return 0..<objectByteCount
    case .suffix(let count):
      guard count > 0 else { throw SternaError(.invalidArgument, "a suffix of \(count) bytes") }
      return max(0, objectByteCount - count)..<objectByteCount
    case .bytes(let range):
      guard !range.isEmpty, range.lowerBound >= 0, range.lowerBound < objectByteCount else {
        throw SternaError(.invalidArgument, "bytes \(range) of an object of \(objectByteCount) bytes")
      }
      return range.clamped(to: 0..<objectByteCount)
    }
  }
}
