import CKernels

extension UnsafeBufferPointer {
  /// The runs of 1,024 elements, the last one shorter.
  var vectors: some Sequence<UnsafeBufferPointer<Element>> {
    stride(from: 0, to: count, by: BitPacking.vectorCount).lazy.map { start in
      UnsafeBufferPointer(rebasing: self[start..<Swift.min(start + BitPacking.vectorCount, self.count)])
    }
  }
}

extension UnsafeMutableBufferPointer {
  /// The runs of 1,024 elements, the last one shorter.
  var vectors: some Sequence<UnsafeMutableBufferPointer<Element>> {
    stride(from: 0, to: count, by: BitPacking.vectorCount).lazy.map { start in
      UnsafeMutableBufferPointer(
        rebasing: self[start..<Swift.min(start + BitPacking.vectorCount, self.count)])
    }
  }
}

extension UnsafeBufferPointer<Int64> {
  /// The smallest and the largest number; zeros when there is none.
  var bounds: (smallest: Int64, largest: Int64) {
    guard let baseAddress, count > 0 else { return (0, 0) }
    var (smallest, largest): (Int64, Int64) = (0, 0)
    sterna_bounds(baseAddress, count, &smallest, &largest)
    return (smallest, largest)
  }

  /// The smallest and the largest wrapping difference of neighbours; zeros for fewer than two numbers.
  var differenceBounds: (smallest: Int64, largest: Int64) {
    guard let baseAddress, count > 1 else { return (0, 0) }
    var (smallest, largest): (Int64, Int64) = (0, 0)
    sterna_difference_bounds(baseAddress, count, &smallest, &largest)
    return (smallest, largest)
  }
}
