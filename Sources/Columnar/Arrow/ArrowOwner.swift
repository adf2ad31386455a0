import CArrow
import SternaBase

/// An imported Arrow array that is released when the last column on its buffers is gone.
///
/// The producer's structure is moved in here; children are reached through it and released with it.
final class ArrowOwner: @unchecked Sendable {
  // Never written after init: the sharing between threads is of read-only memory and one final release.
  private var array: ArrowArray

  init(moving array: ArrowArray) { self.array = array }

  deinit { array.release?(&array) }

  /// The structure for reading; its pointers live as long as this object.
  var view: ArrowArray { array }

  /// Part of the producer's memory as bytes that keep it alive.
  func bytes(_ address: UnsafeRawPointer, count: Int) -> Bytes {
    let storage = ByteStorage(adopting: UnsafeMutableRawPointer(mutating: address), count: count) { _ in
      withExtendedLifetime(self) {}
    }
    return Bytes(storage)
  }
}
