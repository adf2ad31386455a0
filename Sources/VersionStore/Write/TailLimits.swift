/// How large a tail may become before its rows go to the tree.
///
/// The tail travels with every commit and every read of the ref, so it is small in bytes. It is decoded and
/// encoded by every append, so it is small in rows, too, where rows have nearly no bytes.
package struct TailLimits: Hashable, Sendable {
  /// Of the encoded segment. 0: no tails.
  package var byteCountMax: Int
  package var rowCountMax: Int

  package init(byteCountMax: Int = 64 << 10, rowCountMax: Int = 16 << 10) {
    self.byteCountMax = byteCountMax
    self.rowCountMax = rowCountMax
  }

  package static let none = TailLimits(byteCountMax: 0, rowCountMax: 0)

  /// The limits beside slices of a shape: a tail is shorter than the shortest slice.
  func fitted(to shape: SliceShape) -> TailLimits {
    TailLimits(byteCountMax: byteCountMax, rowCountMax: min(rowCountMax, shape.rowCountMin))
  }
}
