import CArrow
import SternaBase

/// What an exported Arrow structure owns: everything its pointers point to.
///
/// Each structure has an owner of its own, retained once by `private_data` and given back by `release`: a
/// consumer may move a child out and release it long after its parent.
///
///     ArrowArray (batch) ── private_data ──► ArrowExport     tables of pointers
///        └ children[i] ──── private_data ──► ArrowExport     tables of pointers, and the column's buffers
final class ArrowExport {
  private var allocations: [UnsafeMutableRawPointer] = []
  /// Keeps the buffers alive.
  private let bytes: [Bytes]

  init(keeping bytes: [Bytes] = []) { self.bytes = bytes }

  deinit { for allocation in allocations { allocation.deallocate() } }

  /// Memory for `count` elements that lives as long as this owner; the caller fills it.
  func allocate<Element: BitwiseCopyable>(_ count: Int, of element: Element.Type) -> UnsafeMutablePointer<
    Element
  > {
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(count, 1))
    allocations.append(UnsafeMutableRawPointer(memory))
    return memory
  }

  func cString(_ text: String) -> UnsafePointer<CChar> {
    let utf8 = text.utf8CString
    let memory = allocate(utf8.count, of: CChar.self)
    for (position, byte) in utf8.enumerated() { memory[position] = byte }
    return UnsafePointer(memory)
  }

  /// The pointer for `private_data`: one retain, to be taken back by `reclaim`.
  var retained: UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

  static func reclaim(_ pointer: UnsafeMutableRawPointer?) {
    if let pointer { Unmanaged<ArrowExport>.fromOpaque(pointer).release() }
  }
}

/// Releases an exported schema or array: first the children that nobody moved out, then what it owns
/// itself.
func releaseArrowSchema(_ pointer: UnsafeMutablePointer<ArrowSchema>?) {
  guard let pointer, pointer.pointee.release != nil else { return }
  for position in 0..<Int(pointer.pointee.n_children) {
    if let child = pointer.pointee.children?[position] { child.pointee.release?(child) }
  }
  if let dictionary = pointer.pointee.dictionary { dictionary.pointee.release?(dictionary) }
  pointer.pointee.release = nil
  ArrowExport.reclaim(pointer.pointee.private_data)
}

func releaseArrowArray(_ pointer: UnsafeMutablePointer<ArrowArray>?) {
  guard let pointer, pointer.pointee.release != nil else { return }
  for position in 0..<Int(pointer.pointee.n_children) {
    if let child = pointer.pointee.children?[position] { child.pointee.release?(child) }
  }
  if let dictionary = pointer.pointee.dictionary { dictionary.pointee.release?(dictionary) }
  pointer.pointee.release = nil
  ArrowExport.reclaim(pointer.pointee.private_data)
}
