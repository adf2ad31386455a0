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
    guard count > 0 else { return (0, 0) }
    var (smallest, largest) = (self[0], self[0])
    var index = 1
    while index < count {
      let number = self[index]
      smallest = number < smallest ? number : smallest
      largest = number > largest ? number : largest
      index += 1
    }
    return (smallest, largest)
  }

  /// The smallest and the largest wrapping difference of neighbours; zeros for fewer than two numbers.
  var differenceBounds: (smallest: Int64, largest: Int64) {
    guard count > 1 else { return (0, 0) }
    var (smallest, largest) = (self[1] &- self[0], self[1] &- self[0])
    var index = 2
    while index < count {
      let difference = self[index] &- self[index - 1]
      smallest = difference < smallest ? difference : smallest
      largest = difference > largest ? difference : largest
      index += 1
    }
    return (smallest, largest)
  }
}
