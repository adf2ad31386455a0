import Sterna

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Nobody reads our output any more.
struct BrokenPipe: Error {}

/// Data on its way to stdout, collected into large writes that happen on a thread of their own.
struct StandardOutput: ~Copyable {
  private static let flushByteCount = 256 << 10
  private static let thread = BlockingThread("stdout")
  private(set) var pending: [UInt8] = []

  /// Lets `body` add bytes, and writes when enough have come together.
  /// - Throws: `BrokenPipe`; `fileSystem` when a disk is full.
  mutating func append(_ body: (inout [UInt8]) -> Void) async throws {
    body(&pending)
    if pending.count >= Self.flushByteCount { try await flush() }
  }

  /// Writes what is left. Call at the end.
  mutating func flush() async throws {
    guard !pending.isEmpty else { return }
    let bytes = pending
    pending.removeAll(keepingCapacity: true)
    try await Self.thread.run { try Self.writeAll(bytes) }
  }

  static func write(_ text: String) async throws {
    let bytes = Array(text.utf8)
    try await thread.run { try writeAll(bytes) }
  }

  /// Writes from the calling thread: for short texts before anything runs.
  static func writeNow(_ text: String) throws { try writeAll(Array(text.utf8)) }

  private static func writeAll(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { raw in
      var rest = raw
      while !rest.isEmpty {
        let count = SystemWrite.write(STDOUT_FILENO, rest)
        if count >= 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        } else if errno == EPIPE {
          throw BrokenPipe()
        } else if errno != EINTR {
          throw SternaError(
            .fileSystem, "cannot write to the output: \(String(cString: strerror(errno)))",
            advice: "Check that the disk has room.")
        }
      }
    }
  }
}
