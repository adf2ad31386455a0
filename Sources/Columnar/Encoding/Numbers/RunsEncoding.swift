import SternaBase

/// Numbers that repeat: how often, and which.
///
///     parameter   number of runs
///     children    lengths | values
///
///     values[0] lengths[0] times, then values[1] lengths[1] times, ...   no length is 0
enum RunsEncoding {
  /// Runs shorter than this on average are not worth it.
  private static let minimumMeanLength = 4
  /// Runs up to this length are written without a loop.
  private static let shortLength = 8

  /// Lengths and values, or nil as soon as the runs are too short.
  static func runs(of numbers: UnsafeBufferPointer<Int64>) -> (lengths: [Int64], values: [Int64])? {
    guard numbers.count >= 16 else { return nil }
    guard let runCount = runCount(of: numbers, atMost: numbers.count / minimumMeanLength) else {
      return nil
    }
    var (lengths, values): ([Int64], [Int64]) = ([], [])
    lengths.reserveCapacity(runCount)
    values.reserveCapacity(runCount)
    var start = 0
    var index = 1
    while index <= numbers.count {
      if index == numbers.count || numbers[index] != numbers[start] {
        lengths.append(Int64(index - start))
        values.append(numbers[start])
        start = index
      }
      index += 1
    }
    return (lengths, values)
  }

  /// Counted in stretches without a branch: most numbers have too many runs, and that should cost little.
  private static func runCount(of numbers: UnsafeBufferPointer<Int64>, atMost limit: Int) -> Int? {
    var runCount = 1
    var index = 1
    while index < numbers.count {
      let end = min(index + 256, numbers.count)
      while index < end {
        runCount &+= numbers[index] == numbers[index &- 1] ? 0 : 1
        index &+= 1
      }
      if runCount > limit { return nil }
    }
    return runCount
  }

  static func node(runCount: Int, lengths: EncodedNode, values: EncodedNode) -> EncodedNode {
    EncodedNode(.runs, parameters: [UInt64(runCount)], children: [lengths, values])
  }

  static func decode<Word: SlotWord>(
    _ node: EncodedNode, _ payload: inout ByteReader, into slots: UnsafeMutableBufferPointer<Word>
  ) throws(SternaError) {
    guard let runCount = Int(exactly: node.parameters[0]), runCount <= slots.count else {
      throw .malformedChunk("\(node.parameters[0]) runs of \(slots.count) numbers")
    }
    let lengths = try NumberDecoder.array(UInt64.self, node.children[0], &payload, count: runCount)
    let values = try NumberDecoder.array(Word.self, node.children[1], &payload, count: runCount)
    var end = 0
    for run in 0..<runCount {
      guard lengths[run] > 0, lengths[run] <= UInt64(slots.count - end) else {
        throw .malformedChunk("a run of \(lengths[run])")
      }
      let next = end + Int(lengths[run])
      if next - end <= shortLength, slots.count - end >= shortLength {
        // Past its end: the next run is written over it.
        for index in 0..<shortLength { slots[end + index] = values[run] }
      } else {
        UnsafeMutableBufferPointer(rebasing: slots[end..<next]).update(repeating: values[run])
      }
      end = next
    }
    guard end == slots.count else { throw .malformedChunk("runs of \(end) numbers, not \(slots.count)") }
  }
}
