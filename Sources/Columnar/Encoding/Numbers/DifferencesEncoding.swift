import SternaBase

/// Numbers as the differences of neighbours through the whole chunk, for a child to find patterns in. (The
/// delta encoding packs the differences of each vector by itself: faster, but blind to what repeats.)
///
///     parameter   start zigzag
///     child       differences
///
///     number[i] = number[i - 1] + difference[i],   number[-1] = start
///
/// The start is chosen so that the first difference is the second: it stands out nowhere.
enum DifferencesEncoding {
  /// - Parameter pieceLength: where the pieces of a sample begin; across that border there is no
  /// difference.
  static func differences(
    of numbers: UnsafeBufferPointer<Int64>, pieceLength: Int?
  ) -> (start: Int64, differences: [Int64]) {
    guard numbers.count > 1 else {
      return (numbers.first ?? 0, [Int64](repeating: 0, count: numbers.count))
    }
    let differences = [Int64](unsafeUninitializedCapacity: numbers.count) { target, count in
      var index = 1
      while index < numbers.count {
        target[index] = numbers[index] &- numbers[index - 1]
        index += 1
      }
      target[0] = target[1]
      if let pieceLength {
        for border in stride(from: pieceLength, to: numbers.count, by: pieceLength) {
          target[border] = target[border - 1]
        }
      }
      count = numbers.count
    }
    return (numbers[0] &- differences[0], differences)
  }

  static func node(start: Int64, differences: EncodedNode) -> EncodedNode {
    EncodedNode(.differences, parameters: [ZigZag.encode(start)], children: [differences])
  }

  static func start<Word: SlotWord>(of node: EncodedNode) -> Word {
    Word(truncatingIfNeeded: ZigZag.decode(node.parameters[0]))
  }
}
