import SternaBase

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The values of a variable-width column, borrowed for a loop over many of them.
struct TextSlots {
  let bounds: UnsafeBufferPointer<Int64>
  let data: UnsafeRawBufferPointer

  var count: Int { bounds.count - 1 }

  @inline(__always)
  subscript(row: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: data[Int(bounds[row])..<Int(bounds[row + 1])])
  }

  /// The bytes of every value, nil where they differ.
  var commonByteCount: Int? {
    guard count > 0 else { return nil }
    let first = bounds[1] &- bounds[0]
    return (1..<max(count, 1)).allSatisfy { bounds[$0 + 1] &- bounds[$0] == first } ? Int(first) : nil
  }

  /// The first and the last value in byte order of the rows that count, or nil when none does.
  func extremes(where counts: (Int) -> Bool) -> (smallest: [UInt8], largest: [UInt8])? {
    guard let first = (0..<count).first(where: counts) else { return nil }
    var (smallest, largest) = (self[first], self[first])
    for row in (first + 1)..<max(first + 1, count) where counts(row) {
      let text = self[row]
      if text.precedes(smallest) { smallest = text }
      if largest.precedes(text) { largest = text }
    }
    return (Array(smallest), Array(largest))
  }
}

extension Column {
  /// Lends the values of a utf8 or binary column; the pointers must not escape.
  func withTexts<Result>(_ body: (TextSlots) -> Result) -> Result {
    guard case .variable(let offsets, let data) = storage else {
      preconditionFailure("\(type) is not of variable width")
    }
    return offsets.withUnsafeBytes { bounds in
      data.withUnsafeBytes { body(TextSlots(bounds: bounds.assumingMemoryBound(to: Int64.self), data: $0)) }
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Whether these bytes come first in byte order, which for UTF-8 is the order of code points.
  fileprivate func precedes(_ other: UnsafeRawBufferPointer) -> Bool {
    guard let address = baseAddress, let otherAddress = other.baseAddress else {
      return count < other.count
    }
    let order = memcmp(address, otherAddress, Swift.min(count, other.count))
    return order == 0 ? count < other.count : order < 0
  }

  /// Whether two runs of the same length hold the same bytes, 8 at a time.
  func matches(_ other: UnsafeRawBufferPointer) -> Bool {
    guard count == other.count else { return false }
    var position = 0
    while position + 8 <= count {
      let left = loadUnaligned(fromByteOffset: position, as: UInt64.self)
      if left != other.loadUnaligned(fromByteOffset: position, as: UInt64.self) { return false }
      position += 8
    }
    while position < count {
      if self[position] != other[position] { return false }
      position += 1
    }
    return true
  }
}
