/// One request to the store, or one choice that the search makes for a process.
enum Request: Hashable {
  case get(cell: Int)
  /// Replaces a document on condition that it is `base` (0: that there is none).
  case put(cell: Int, document: UInt32, base: UInt32)
  /// Deletes a mutable object without condition. No rule of the design does that to a ref or a snapshot.
  case remove(cell: Int)
  case putBlock(UInt32)
  case getBlock(UInt32)
  case deleteBlock(UInt32)
  /// One page of the blocks of a symbol under epochs below the given one.
  case listBlocks(symbol: Int, belowEpoch: UInt64, after: UInt32?, countMax: Int)
  /// Which of the cells hold something.
  case listCells(ClosedRange<Int>)
  /// A choice among the first `count` numbers.
  case choose(count: Int)
  /// Gives a caller something, by way of a cell that is no object of the store.
  case handOver(cell: Int, document: UInt32)
  /// Waits until something was handed over.
  case await(cell: Int)
}

enum Answer: Hashable {
  case document(UInt32)
  case accepted
  /// 412. It may be the echo of the request's own first arrival, when it was delivered twice.
  case refused
  /// 409: another conditional request was in flight, perhaps a copy of this one.
  case busy
  /// No answer came: the request may have taken effect, or still may.
  case lost
  case found
  case missing
  case listed([UInt32])
  case chosen(Int)
}
