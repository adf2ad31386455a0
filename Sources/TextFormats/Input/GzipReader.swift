import CZlib
import SternaBase

/// What a gzip stream (RFC 1952) inflates to, piece by piece, each member's checksum verified.
///
///     source   [member][member]...[zero padding]      e.g. what `cat a.gz b.gz` or `bgzip` make
///
/// A stream that ends inside a member is an error: data cut short must never look like all of it.
package final class GzipReader: ByteSource {
  static let magic: [UInt8] = [0x1F, 0x8B]

  private var source: any ByteSource
  /// What the bytes are called in errors.
  private let name: String
  private let chunkByteCount: Int
  /// zlib keeps the address, so the stream must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private var state = State.betweenMembers
  private var input = Bytes.empty
  private var inputPosition = 0
  /// Compressed bytes before `input`.
  private var inputOffset = 0

  private enum State {
    case betweenMembers
    case insideMember
    case padding
    case ended
  }

  package init(_ source: any ByteSource, name: String, chunkByteCount: Int = 1 << 20) {
    precondition(chunkByteCount > 0)
    self.source = source
    self.name = name
    self.chunkByteCount = chunkByteCount
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = sterna_zlib_gzip_inflate_init(stream)
    precondition(status == Z_OK, "zlib has no memory or is another version")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  package var progress: ReadProgress { source.progress }

  private var position: Int { inputOffset + inputPosition }

  package func next() throws(SternaError) -> Bytes? {
    guard state != .ended else { return nil }
    let storage = ByteStorage(count: chunkByteCount)
    var filled = 0
    while filled < chunkByteCount, state != .ended {
      if inputPosition == input.count, try !refill() {
        try finish()
        break
      }
      switch state {
      case .betweenMembers: try startMember()
      case .insideMember: filled += try inflateMember(into: storage.mutableBytes[filled...])
      case .padding: try skipPadding()
      case .ended: break
      }
    }
    return filled == 0 ? nil : Bytes(storage)[0..<filled]
  }

  private func refill() throws(SternaError) -> Bool {
    inputOffset += input.count
    inputPosition = 0
    input = .empty
    guard let bytes = try source.next() else { return false }
    input = bytes
    return true
  }

  private func finish() throws(SternaError) {
    guard state != .insideMember, position > 0 else {
      state = .ended
      throw SternaError(
        .corrupt,
        "gzip data of '\(name)' ends at byte \(position), inside a compressed stream: it is cut short",
        advice: "Fetch the file again, and compare its size with the original's.")
    }
    state = .ended
  }

  private func startMember() throws(SternaError) {
    if input[inputPosition] == 0, position > 0 {
      state = .padding
      return
    }
    inflateReset(stream)
    state = .insideMember
  }

  /// Tapes and block devices pad with zeros; anything else behind a member is not gzip.
  private func skipPadding() throws(SternaError) {
    while inputPosition < input.count {
      guard input[inputPosition] == 0 else { throw malformed("bytes that are not gzip follow the data") }
      inputPosition += 1
    }
  }

  /// Inflates from the input to the output until one of them ends; how many bytes came out.
  private func inflateMember(into output: Slice<UnsafeMutableRawBufferPointer>) throws(SternaError) -> Int {
    let target = UnsafeMutableRawBufferPointer(rebasing: output)
    let status = input.withUnsafeBytes { raw in
      let rest = UnsafeMutableRawBufferPointer(
        mutating: UnsafeRawBufferPointer(rebasing: raw[inputPosition...]))
      stream.pointee.next_in = rest.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_in = UInt32(clamping: rest.count)
      stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_out = UInt32(clamping: target.count)
      let status = inflate(stream, Z_NO_FLUSH)
      inputPosition += min(rest.count, Int(UInt32.max)) - Int(stream.pointee.avail_in)
      return status
    }
    switch status {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: state = .betweenMembers
    default:
      throw malformed(stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)")
    }
    return min(target.count, Int(UInt32.max)) - Int(stream.pointee.avail_out)
  }

  private func malformed(_ detail: String) -> SternaError {
    state = .ended
    return SternaError(
      .corrupt, "gzip data of '\(name)' is damaged before byte \(position): \(detail)",
      advice: "Fetch the file again, or check it with gzip -t.")
  }
}
