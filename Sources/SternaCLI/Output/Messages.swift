#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is said to people, on stderr: it never mixes with data.
enum Messages {
  /// Writes lines, and the line feed at their end. A closed stderr is no reason to fail.
  static func write(_ text: String) { writeRaw(text + "\n") }

  /// Writes exactly the text, for what is drawn over again.
  static func writeRaw(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = SystemWrite.write(STDERR_FILENO, rest)
        if count < 0 {
          guard errno == EINTR else { return }
        } else {
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
      }
    }
  }
}
