extension PatchedEncoding.Parts {
  /// Doubles as the integers that stand for them; of an exception stands its predecessor's.
  ///
  /// - Parameters:
  ///   - all: converts a vector and returns how many of its doubles have no integer.
  ///   - one: converts one double, nil when it has no integer. Asked where `all` found such.
  init(
    converting bits: UnsafeBufferPointer<Int64>,
    all: (UnsafeBufferPointer<Int64>, UnsafeMutablePointer<Int64>) -> Int, one: (Int64) -> Int64?
  ) {
    var (rows, exceptions): ([Int64], [Int64]) = ([], [])
    numbers = [Int64](unsafeUninitializedCapacity: bits.count) { integers, count in
      count = bits.count
      guard var target = integers.baseAddress else { return }
      var last: Int64 = 0
      var row: Int64 = 0
      for vector in bits.vectors {
        if all(vector, target) > 0 {
          for index in 0..<vector.count {
            if let integer = one(vector[index]) {
              last = integer
            } else {
              rows.append(row &+ Int64(index))
              exceptions.append(vector[index])
            }
            target[index] = last
          }
        } else {
          last = target[vector.count - 1]
        }
        target += vector.count
        row &+= Int64(vector.count)
      }
    }
    self.rows = rows
    self.exceptions = exceptions
  }
}
