/// One state of everything: the store, what is under way to it, and all processes, as a row of numbers.
///
///     faults left | document per cell | number per process | block count, blocks | late requests
///                                                                   sorted             sorted
struct World: Hashable {
  private(set) var words: [UInt32]
  private let cellCount: Int
  private let processCount: Int

  init(faults: Int, cells: [UInt32], processes: [UInt32], blocks: [UInt32]) {
    cellCount = cells.count
    processCount = processes.count
    words = [UInt32(faults)] + cells + processes + [UInt32(blocks.count)] + blocks.sorted()
  }

  var faults: UInt32 {
    get { words[0] }
    set { words[0] = newValue }
  }

  var cells: Range<Int> { 0..<cellCount }
  var processes: Range<Int> { 0..<processCount }

  func document(in cell: Int) -> UInt32 { words[1 + cell] }
  mutating func setDocument(_ document: UInt32, in cell: Int) { words[1 + cell] = document }

  func process(_ index: Int) -> UInt32 { words[1 + cellCount + index] }
  mutating func setProcess(_ number: UInt32, at index: Int) { words[1 + cellCount + index] = number }

  private var blockCountPosition: Int { 1 + cellCount + processCount }

  private var blockRange: Range<Int> {
    let start = blockCountPosition + 1
    return start..<(start + Int(words[blockCountPosition]))
  }

  private var lateRange: Range<Int> { blockRange.upperBound..<words.count }

  var blocks: ArraySlice<UInt32> { words[blockRange] }
  var lateRequests: ArraySlice<UInt32> { words[lateRange] }

  func has(_ block: UInt32) -> Bool { blocks.contains(block) }

  mutating func insert(_ block: UInt32) {
    guard !has(block) else { return }
    let position = blockRange.first { words[$0] > block } ?? blockRange.upperBound
    words.insert(block, at: position)
    words[blockCountPosition] += 1
  }

  mutating func delete(_ block: UInt32) {
    guard let position = blockRange.first(where: { words[$0] == block }) else { return }
    words.remove(at: position)
    words[blockCountPosition] -= 1
  }

  mutating func addLate(_ request: UInt32) {
    let position = lateRange.first { words[$0] > request } ?? words.count
    words.insert(request, at: position)
  }

  mutating func removeLate(_ request: UInt32) {
    guard let position = lateRange.first(where: { words[$0] == request }) else { return }
    words.remove(at: position)
  }

  /// Forgets late requests that can never take effect.
  mutating func removeLate(where isDead: (UInt32) -> Bool) {
    var position = lateRange.lowerBound
    while position < words.count {
      if isDead(words[position]) { words.remove(at: position) } else { position += 1 }
    }
  }

  /// Whether all of these blocks exist; both are sorted.
  func hasAll(_ needed: [UInt32]) -> Bool { firstMissing(of: needed) == nil }

  func firstMissing(of needed: [UInt32]) -> UInt32? {
    var position = blockRange.lowerBound
    let end = blockRange.upperBound
    for block in needed {
      while position < end, words[position] < block { position += 1 }
      guard position < end, words[position] == block else { return block }
    }
    return nil
  }
}
