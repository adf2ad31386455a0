import SternaBase

/// Numbers of which a few lie far outside of the range of all others. (The idea of PFOR: Zukowski et al.,
/// ICDE 2006, with the exceptions of a whole chunk in one place.)
///
///     parameter   number of exceptions
///     children    numbers | rows of the exceptions | the exceptions
///
///     number[rows[k]] = exceptions[k]
enum PatchedEncoding {
  /// The numbers that are no exceptions: `smallest ... smallest + 2^width - 1`.
  struct Window: Hashable {
    var smallest: Int64
    var width: Int

    func contains(_ number: Int64) -> Bool {
      width == 64 || UInt64(bitPattern: number &- smallest) >> UInt64(width) == 0
    }
  }

  /// What an exception costs, in bits, about.
  private static let exceptionBitCount = 16 + 32

  /// The window that makes a sample smallest; nil when that is all of it, or when exceptions are no
  /// exceptions.
  static func window(for sample: UnsafeBufferPointer<Int64>) -> Window? {
    let step = max(1, sample.count / 512)
    let sorted = sorted(Swift.stride(from: 0, to: sample.count, by: step).map { sample[$0] })
    guard let smallest = sorted.first, let largest = sorted.last, sorted.count >= 64 else { return nil }
    let fullWidth = width(from: smallest, to: largest)
    let exceptionCountMax = sorted.count / 10
    let canBeNarrower = (0...exceptionCountMax).contains {
      width(from: sorted[$0], to: sorted[sorted.count - 1 - exceptionCountMax + $0]) < fullWidth
    }
    guard canBeNarrower else { return nil }
    var best: (window: Window, cost: Int)?
    // Of the exceptions some are below the window and the others above it.
    for start in 0...exceptionCountMax {
      for end in (sorted.count - 1 - exceptionCountMax + start)..<sorted.count {
        let width = width(from: sorted[start], to: sorted[end])
        let exceptionCount = sorted.count - (end - start + 1)
        let cost = sorted.count * width + exceptionCount * exceptionBitCount
        if width < fullWidth, cost < best?.cost ?? (sorted.count * fullWidth) {
          best = (Window(smallest: sorted[start], width: width), cost)
        }
      }
    }
    return best?.window
  }

  /// By counting where there are few kinds of numbers, as there are among differences and codes.
  private static func sorted(_ numbers: [Int64]) -> [Int64] {
    let (smallest, largest) = numbers.withUnsafeBufferPointer { $0.bounds }
    guard width(from: smallest, to: largest) <= 10 else { return numbers.sorted() }
    return withUnsafeTemporaryAllocation(of: Int32.self, capacity: 1 << 10) { counts in
      counts.initialize(repeating: 0)
      for number in numbers { counts[Int(truncatingIfNeeded: number &- smallest)] += 1 }
      return [Int64](unsafeUninitializedCapacity: numbers.count) { sorted, count in
        for (distance, repeats) in counts.enumerated() {
          for _ in 0..<repeats {
            sorted[count] = smallest &+ Int64(distance)
            count += 1
          }
        }
      }
    }
  }

  private static func width(from smallest: Int64, to largest: Int64) -> Int {
    BitPacking.width(of: UInt64(bitPattern: largest &- smallest))
  }

  /// Numbers with each exception replaced by its predecessor, and the exceptions.
  struct Parts {
    var numbers: [Int64]
    var rows: [Int64] = []
    var exceptions: [Int64] = []
  }

  /// Nil when more than an eighth are exceptions: the sample was wrong.
  static func parts(of numbers: UnsafeBufferPointer<Int64>, window: Window) -> Parts? {
    var parts = Parts(numbers: Array(numbers))
    var last = window.smallest
    for row in 0..<numbers.count {
      if window.contains(numbers[row]) {
        last = numbers[row]
      } else {
        parts.rows.append(Int64(row))
        parts.exceptions.append(numbers[row])
        parts.numbers[row] = last
      }
    }
    return parts.rows.count * 8 <= numbers.count ? parts : nil
  }

  static func node(exceptionCount: Int, children: [EncodedNode]) -> EncodedNode {
    EncodedNode(.patched, parameters: [UInt64(exceptionCount)], children: children)
  }

  static func decode<Word: SlotWord>(
    _ node: EncodedNode, _ payload: inout ByteReader, into slots: UnsafeMutableBufferPointer<Word>
  ) throws(SternaError) {
    try NumberDecoder.decode(node.children[0], &payload, into: slots)
    try patch(
      slots, exceptionCount: node.parameters[0], rows: node.children[1], exceptions: node.children[2],
      &payload)
  }

  /// Reads rows and exceptions, and puts these where they belong.
  static func patch<Word: SlotWord>(
    _ slots: UnsafeMutableBufferPointer<Word>, exceptionCount: UInt64, rows: EncodedNode,
    exceptions: EncodedNode, _ payload: inout ByteReader
  ) throws(SternaError) {
    guard exceptionCount <= slots.count else {
      throw .malformedChunk("\(exceptionCount) exceptions of \(slots.count) numbers")
    }
    let rows = try NumberDecoder.array(UInt64.self, rows, &payload, count: Int(exceptionCount))
    let exceptions = try NumberDecoder.array(Word.self, exceptions, &payload, count: Int(exceptionCount))
    for (row, exception) in zip(rows, exceptions) {
      guard row < slots.count else { throw .malformedChunk("an exception at row \(row)") }
      slots[Int(row)] = exception
    }
  }
}
