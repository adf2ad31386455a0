import SternaBase

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file (or pipe) that is read once, front to back, in large pieces.
///
/// Owns its descriptor from `init` to `deinit`.
package final class InputFile: ByteSource {
  private let path: String
  private let descriptor: Int32
  private let chunkByteCount: Int
  private let totalByteCount: Int?
  private var consumedByteCount = 0
  /// What was read ahead to tell the format, and not yet handed out.
  private var lookahead: Bytes?

  package init(path: String, chunkByteCount: Int = 1 << 20) throws(SternaError) {
    precondition(chunkByteCount > 1)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure("open", path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let error = Self.failure("look at", path)
      close(descriptor)
      throw error
    }
    let kind = status.st_mode & S_IFMT
    guard kind != S_IFDIR else {
      close(descriptor)
      throw SternaError(
        .fileSystem, "cannot read '\(path)': it is a directory", advice: "Name a file inside it.")
    }
    self.path = path
    self.descriptor = descriptor
    self.chunkByteCount = chunkByteCount
    self.totalByteCount = kind == S_IFREG ? Int(status.st_size) : nil
  }

  deinit { close(descriptor) }

  package var progress: ReadProgress {
    ReadProgress(
      consumedByteCount: consumedByteCount - (lookahead?.count ?? 0), totalByteCount: totalByteCount)
  }

  package func next() throws(SternaError) -> Bytes? {
    if let bytes = lookahead {
      lookahead = nil
      return bytes
    }
    let bytes = try read(chunkByteCount)
    return bytes.isEmpty ? nil : bytes
  }

  /// Whether the rest of the file starts with these bytes; nothing is consumed.
  func starts(with prefix: [UInt8]) throws(SternaError) -> Bool {
    var ahead = lookahead ?? .empty
    // A pipe may hand out less than was asked for.
    while ahead.count < prefix.count {
      let more = try read(chunkByteCount)
      if more.isEmpty { break }
      ahead = ahead.isEmpty ? more : Bytes(ahead.array + more.array)
    }
    lookahead = ahead.isEmpty ? nil : ahead
    return ahead.count >= prefix.count && ahead[0..<prefix.count].array == prefix
  }

  /// One read of up to `byteCount` bytes; empty at the end of the file.
  private func read(_ byteCount: Int) throws(SternaError) -> Bytes {
    let storage = ByteStorage(count: byteCount)
    while true {
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, storage.mutableBytes.baseAddress, byteCount)
      #elseif canImport(Musl)
        let count = Musl.read(descriptor, storage.mutableBytes.baseAddress, byteCount)
      #else
        let count = Darwin.read(descriptor, storage.mutableBytes.baseAddress, byteCount)
      #endif
      if count >= 0 {
        consumedByteCount += count
        return Bytes(storage)[0..<count]
      }
      // A signal handler ran: nothing was read.
      guard errno == EINTR else { throw Self.failure("read", path) }
    }
  }

  private static func failure(_ action: String, _ path: String) -> SternaError {
    let reason = String(cString: strerror(errno))
    return SternaError(
      .fileSystem, "cannot \(action) '\(path)': \(reason)",
      advice: "Check that the file exists and may be read.")
  }
}

extension InputFile {
  /// Opens a file and, when its first bytes say that it is gzip, inflates it on the way. The name counts
  /// for nothing: people rename files.
  package static func openDetectingGzip(
    path: String, chunkByteCount: Int = 1 << 20
  ) throws(SternaError) -> any ByteSource {
    let file = try InputFile(path: path, chunkByteCount: chunkByteCount)
    guard try file.starts(with: GzipReader.magic) else { return file }
    return GzipReader(file, name: path)
  }
}
