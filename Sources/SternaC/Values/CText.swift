/// A text in memory that C may read until this object is gone.
final class CText: @unchecked Sendable {
  // Written in init only.
  let pointer: UnsafePointer<CChar>

  init(_ text: String) {
    var text = text
    pointer = text.withUTF8 { utf8 in
      let memory = UnsafeMutablePointer<CChar>.allocate(capacity: utf8.count + 1)
      for (position, byte) in utf8.enumerated() { memory[position] = CChar(bitPattern: byte) }
      memory[utf8.count] = 0
      return UnsafePointer(memory)
    }
  }

  deinit { pointer.deallocate() }
}
