import SternaBase

/// How large a tail may become before its rows go to the tree.
///
/// The tail travels with every commit and every read of the ref, so it is small in bytes. It is decoded and
/// encoded by every append, so it is small in rows, too, where rows have nearly no bytes.
package struct TailLimits: Hashable, Sendable {
  /// Of the encoded segment. 0: no tails.
  package var byteCountMax: Int
  package var rowCountMax: Int
  /// A tail of up to so many bytes goes inline where its version goes, as other stored values do: to the
  /// history, or into a snapshot. A larger one goes there as a block.
  package var smallByteCountMax: Int
  /// Bytes of larger inline tails that the newest version does not use, above which they become blocks.
  package var idleByteCountMax: Int

  package init(
    byteCountMax: Int = 64 << 10, rowCountMax: Int = 16 << 10,
    smallByteCountMax: Int = StoredValue.inlineByteCountMax, idleByteCountMax: Int = 16 << 10
  ) {
    self.byteCountMax = byteCountMax
    self.rowCountMax = rowCountMax
    self.smallByteCountMax = smallByteCountMax
    self.idleByteCountMax = idleByteCountMax
  }

  package static let none = TailLimits(byteCountMax: 0, rowCountMax: 0)

  /// Whether a tail is inline and too large to go with its version.
  func mustBecomeBlock(_ tail: Tail) -> Bool {
    tail.inlineBytes.map { $0.count > smallByteCountMax } ?? false
  }

  /// The limits beside slices of a shape: a tail is shorter than the shortest slice.
  func fitted(to shape: SliceShape) -> TailLimits {
    var fitted = self
    fitted.rowCountMax = min(rowCountMax, shape.rowCountMin)
    return fitted
  }

  /// Columns up to which a tail is small in bytes whatever it holds.
  private static let columnCountMin = 128
  private static let wideFactorMax = 4

  /// Of the encoded segment of so many columns. Each column brings a descriptor and a few numbers of its
  /// own, so the tails of wide symbols would have no room for rows; and what they save is more: a slice
  /// of 500 columns is 4 segments and as many index nodes.
  func byteCountMax(columnCount: Int) -> Int {
    let factor = min(max(columnCount, Self.columnCountMin), Self.columnCountMin * Self.wideFactorMax)
    return byteCountMax * factor / Self.columnCountMin
  }
}
