import VersionStore

/// The name of an immutable object: whose, under which epoch, and what is in it.
struct Block: Hashable {
  /// The cell of the symbol's ref.
  var symbol: Int
  var epoch: UInt64
  var content: UInt32
}

/// What stands in a block. Equal content under one epoch is one object, as in the store.
enum BlockContent: Hashable {
  /// Rows, told apart by a number.
  case segment(Int)
  /// Several pieces of rows: what appends were merged into, or a tail that was flushed.
  case merged([Int])
  /// An index node: the blocks below it, in the order of their rows.
  case node([UInt32])
  /// Versions that moved out of the ref, all of them.
  case history([VersionEntry])
}
